import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Config } from '../../config.js';
import { networksOf } from '../../net/networks.js';
import { waitsForContinue } from '../bodies/body_guard.js';

/** Milliseconds that a client may take for what it does not hurry with. */
export const PATIENCE = {
  /** For the head of a request. */
  headers: 10_000,
  /** For a whole request: behind the guard of bodies, which has shorter ones; 250 MB at its pace take 67 minutes. */
  request: 4_500_000,
  /** Between two requests. */
  keepAlive: 65_000,
  /** Without a byte in either direction, as from a client that does not read its answer. */
  silence: 300_000,
};

/** Connections that one process keeps open at most; more are not taken up. */
const MOST_CONNECTIONS = 8000;

/**
 * A sender of one byte a minute must not hold a socket for ever, nor one who never reads; and no network all of them.
 * @param config says how many one network may hold; behind a proxy all of them are the proxy's
 */
export function boundConnections(server: Server, config: Pick<Config, 'CONNECTIONS_AT_ONCE' | 'TRUST_PROXY'>): void {
  server.headersTimeout = PATIENCE.headers;
  server.requestTimeout = PATIENCE.request;
  server.keepAliveTimeout = PATIENCE.keepAlive;
  server.setTimeout(PATIENCE.silence);
  server.maxConnections = MOST_CONNECTIONS;
  if (config.TRUST_PROXY === 0) {
    boundNetworks(server, config.CONNECTIONS_AT_ONCE);
  }
  // Without this, Node asks for the body before anybody has looked whose it is.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waitsForContinue(request);
    server.emit('request', request, response);
  });
}

function boundNetworks(server: Server, most: number): void {
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const network = networksOf(socket.remoteAddress).near;
    const count = (open.get(network) ?? 0) + 1;
    if (count > most) {
      socket.destroy();
      return;
    }
    open.set(network, count);
    socket.once('close', () => {
      const left = (open.get(network) ?? 1) - 1;
      if (left > 0) {
        open.set(network, left);
      } else {
        open.delete(network);
      }
    });
  });
}
