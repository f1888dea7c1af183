import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The smallest GIF there is, one dot; `tone` makes it another picture. */
export function dot(tone = 0): Buffer {
  const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
  gif[13] = tone;
  return gif;
}

/** A host of pictures on this machine, which remembers who asked for what. */
export class PictureServer {
  readonly asked: string[] = [];
  private readonly server: Server;
  private readonly files = new Map<string, { status: number; headers: Record<string, string>; content: Buffer }>();

  private constructor() {
    this.server = createServer((request, response) => {
      this.asked.push(request.url ?? '');
      const file = this.files.get(request.url ?? '') ?? { status: 404, headers: {}, content: Buffer.alloc(0) };
      response.writeHead(file.status, file.headers).end(file.content);
    });
  }

  static async start(): Promise<PictureServer> {
    const started = new PictureServer();
    await new Promise<void>((done) => started.server.listen(0, '127.0.0.1', done));
    return started;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  put(path: string, content: Buffer, headers: Record<string, string> = {}): void {
    this.files.set(path, { status: 200, headers, content });
  }

  lead(path: string, to: string): void {
    this.files.set(path, { status: 302, headers: { location: to }, content: Buffer.alloc(0) });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
