import type { Socket } from 'node:net';
import { NotSmtp, ReplyReader } from './reply.js';
import type { Reply } from './reply.js';

/** The way to the server broke: closed by it, by a time limit, or by nonsense. */
export class ConnectionLost extends Error {}

interface Waiter {
  resolve(reply: Reply): void;
  reject(lost: ConnectionLost): void;
  timer: NodeJS.Timeout;
}

// Above this a body goes out piece by piece, so that a break in the middle of a big one is known to be one.
const BLOCK_BYTES = 65_536;

/** A greeted and signed-in connection: commands out, replies in, each wait with its limit. */
export class Wire {
  private readonly reader = new ReplyReader();
  private readonly replies: Reply[] = [];
  private readonly waiters: Waiter[] = [];
  private readonly flushes = new Set<(lost: ConnectionLost) => void>();
  private lost: ConnectionLost | undefined;

  constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer | string) => this.receive(chunk));
  }

  get isOpen(): boolean {
    return this.lost === undefined && this.socket.writable;
  }

  /** True when the server spoke without being asked, usually to say goodbye. */
  get hasUnreadReply(): boolean {
    return this.replies.length > 0;
  }

  write(text: string): void {
    if (this.lost === undefined) this.socket.write(text);
  }

  /** Next reply in order. A reply that came before the break is still handed out. */
  read(limitMs: number): Promise<Reply> {
    const reply = this.replies.shift();
    if (reply) return Promise.resolve(reply);
    if (this.lost) return Promise.reject(this.lost);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.break(`The server did not answer within ${limitMs / 1000} s`), limitMs);
      this.waiters.push({ resolve, reject, timer });
    });
  }

  /**
   * Streams a body that already carries its final dot. `atLastBlock` is called before the piece with the dot is handed
   * to the system: from then on the server may have the whole message.
   */
  async stream(body: Buffer, blockLimitMs: number, atLastBlock: () => void): Promise<void> {
    let from = 0;
    for (; body.length - from > BLOCK_BYTES; from += BLOCK_BYTES) {
      await this.flush(body.subarray(from, from + BLOCK_BYTES), blockLimitMs);
    }
    if (this.lost) throw this.lost;
    atLastBlock();
    this.socket.write(from === 0 ? body : body.subarray(from));
  }

  /** Ends the connection at once; everything that waits learns why. */
  break(why: string): void {
    this.fail(new ConnectionLost(why));
    this.socket.destroy();
  }

  /** Called when the connection ended by itself. */
  fail(lost: ConnectionLost): void {
    if (this.lost) return;
    this.lost = lost;
    for (const waiter of this.waiters.splice(0)) {
      clearTimeout(waiter.timer);
      waiter.reject(lost);
    }
    for (const reject of this.flushes) reject(lost);
    this.flushes.clear();
  }

  private flush(block: Buffer, limitMs: number): Promise<void> {
    if (this.lost) return Promise.reject(this.lost);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.break(`The server took no more of the mail for ${limitMs / 1000} s`),
        limitMs,
      );
      const rejectLost = (lost: ConnectionLost): void => {
        clearTimeout(timer);
        reject(lost);
      };
      this.flushes.add(rejectLost);
      this.socket.write(block, (error) => {
        clearTimeout(timer);
        this.flushes.delete(rejectLost);
        if (error) reject(this.lost ?? new ConnectionLost(error.message, { cause: error }));
        else resolve();
      });
    });
  }

  private receive(chunk: Buffer | string): void {
    try {
      for (const reply of this.reader.read(chunk.toString())) this.deliver(reply);
    } catch (error) {
      if (!(error instanceof NotSmtp)) throw error;
      this.break(error.message);
    }
  }

  private deliver(reply: Reply): void {
    const waiter = this.waiters.shift();
    if (!waiter) {
      this.replies.push(reply);
      return;
    }
    clearTimeout(waiter.timer);
    waiter.resolve(reply);
  }
}
