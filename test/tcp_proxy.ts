import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A wire that can be cut: stands between the product and a server, on a port that stays the same. */
export class TcpProxy {
  private readonly pairs = new Set<[Socket, Socket]>();
  private isOpen = true;

  private constructor(
    private readonly server: Server,
    private target: number,
  ) {
    server.on('connection', (socket) => this.join(socket));
  }

  static async to(port: number): Promise<TcpProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, port);
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  /** Cuts everything that is open, in the middle of whatever is said. */
  cut(): void {
    this.pairs.forEach(([one, other]) => {
      one.resetAndDestroy();
      other.resetAndDestroy();
    });
    this.pairs.clear();
  }

  /** Cuts, and takes nothing new until `open`. */
  shut(): void {
    this.isOpen = false;
    this.cut();
  }

  open(target = this.target): void {
    this.target = target;
    this.isOpen = true;
  }

  async close(): Promise<void> {
    this.shut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(socket: Socket): void {
    socket.on('error', () => undefined);
    if (!this.isOpen) {
      socket.resetAndDestroy();
      return;
    }
    const other = connect(this.target, '127.0.0.1');
    other.on('error', () => socket.destroy());
    const pair: [Socket, Socket] = [socket, other];
    this.pairs.add(pair);
    socket.pipe(other).pipe(socket);
    socket.on('close', () => this.part(pair));
    other.on('close', () => this.part(pair));
  }

  private part(pair: [Socket, Socket]): void {
    this.pairs.delete(pair);
    pair.forEach((socket) => socket.destroy());
  }
}
