import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Server } from 'node:http';
import { until } from '../waiting.js';
import type { World } from '../world.js';

/** What came of a request that was written byte by byte. */
export interface Outcome {
  status: number;
  /** Head and body of the answer as they came. */
  text: string;
  /** Bytes that the server took from the connection. */
  read: number;
}

/**
 * Sends a head and then a body, as long as the server takes it, and hears what it says until it hangs up or has
 * answered as long as Content-Length says.
 * @param body its parts, or nothing for a client that sends none
 */
export async function send(world: World, head: string[], body: Iterable<Buffer> = []): Promise<Outcome> {
  const server: Server = world.app.getHttpServer();
  const { port } = server.address() as { port: number };
  const arrivals = arrivalsAt(server);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const { localPort } = socket;
  await until(() => arrivals.has(localPort));
  const heard = listen(socket);
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  await Promise.race([pour(socket, body), heard]);
  const text = await heard;
  socket.destroy();
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(withoutContinue(text))?.[1]),
    text,
    read: arrivals.get(localPort)!.bytesRead,
  };
}

/** `count` bytes of `fill`, in pieces. */
export function* bytes(count: number, fill = 'x'): Generator<Buffer> {
  const piece = Buffer.from(fill.repeat(Math.ceil(65_536 / fill.length)));
  for (let left = count; left > 0; left -= piece.length) {
    yield piece.subarray(0, Math.min(left, piece.length));
  }
}

const known = new WeakMap<Server, Map<number | undefined, Socket>>();

/** The server's ends of connections, by the port that they come from. */
function arrivalsAt(server: Server): Map<number | undefined, Socket> {
  const arrivals = known.get(server) ?? new Map<number | undefined, Socket>();
  if (!known.has(server)) {
    known.set(server, arrivals);
    server.on('connection', (arrival) => arrivals.set(arrival.remotePort, arrival));
  }
  return arrivals;
}

function withoutContinue(text: string): string {
  return text.replace(/^HTTP\/1\.1 100.*?\r\n\r\n/s, '');
}

async function pour(socket: Socket, body: Iterable<Buffer>): Promise<void> {
  for (const piece of body) {
    if (socket.destroyed || !socket.writable) {
      return;
    }
    if (!socket.write(piece)) {
      await new Promise<void>((resolve) => {
        for (const event of ['drain', 'close', 'end', 'error']) {
          socket.once(event, () => resolve());
        }
      });
    }
  }
}

function listen(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const [head = '', rest] = withoutContinue(text).split(/\r\n\r\n(.*)/s);
      const length = /^content-length: (\d+)/im.exec(head)?.[1];
      if (length !== undefined && (rest ?? '').length >= Number(length)) {
        resolve(text);
      }
    });
    for (const event of ['end', 'close', 'error']) {
      socket.once(event, () => resolve(text));
    }
  });
}
