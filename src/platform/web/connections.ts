import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { waitsForContinue } from './bodies/body_guard.js';

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

/** A sender of one byte a minute must not hold a socket for ever, nor one who never reads. */
export function boundConnections(server: Server): void {
  server.headersTimeout = PATIENCE.headers;
  server.requestTimeout = PATIENCE.request;
  server.keepAliveTimeout = PATIENCE.keepAlive;
  server.setTimeout(PATIENCE.silence);
  // Without this, Node asks for the body before anybody has looked whose it is.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waitsForContinue(request);
    server.emit('request', request, response);
  });
}
