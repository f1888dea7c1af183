import { BadRequestException, PayloadTooLargeException, RequestTimeoutException } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';
import type { Request } from 'express';

/** What a body may be while it comes. */
export interface Terms {
  /** Bytes at most. */
  bytes: number;
  /** Milliseconds in which it is there. */
  ms: number;
  /** Bytes a second that earn more time; undefined where a body gets none. */
  pace?: number;
  /** Takes room for so many bytes more, or says why there is none. */
  room(bytes: number): Error | undefined;
}

/**
 * The body of a request as a stream that ends with a refusal as soon as it is too large, too slow, or finds no room.
 * Then the rest is left unread where it is.
 */
export class MeteredBody extends Transform {
  readonly headers: IncomingHttpHeaders;
  private received = 0;
  private readonly watch: NodeJS.Timeout;

  constructor(
    private readonly request: Request,
    private readonly terms: Terms,
  ) {
    super();
    this.headers = request.headers;
    const started = performance.now();
    this.watch = setInterval(() => this.hurry(started), Math.min(1000, terms.ms));
    request.once('close', this.onClose);
    request.pipe(this);
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.received += chunk.length;
    const refusal = this.received > this.terms.bytes ? tooLarge(this.terms.bytes) : this.terms.room(chunk.length);
    if (refusal === undefined) {
      done(null, chunk);
    } else {
      done(refusal);
    }
  }

  override _flush(done: TransformCallback): void {
    this.leave();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.leave();
    done(error);
  }

  private readonly onClose = (): void => {
    if (!this.request.readableEnded) {
      this.destroy(new BadRequestException('The request ended before all of its body had come.'));
    }
  };

  private leave(): void {
    clearInterval(this.watch);
    this.request.off('close', this.onClose);
    this.request.unpipe(this);
    this.request.pause();
  }

  private hurry(started: number): void {
    const { ms, pace } = this.terms;
    const earned = pace === undefined ? 0 : (this.received / pace) * 1000;
    if (performance.now() - started > ms + earned) {
      this.destroy(new RequestTimeoutException('What was sent came too slowly. Nothing was changed; send it again.'));
    }
  }
}

/** The refusal of a body that is larger than `bytes`. */
export function tooLarge(bytes: number): PayloadTooLargeException {
  return new PayloadTooLargeException(`What was sent is larger than ${sizeWord(bytes)}, the most that is taken here.`);
}

function sizeWord(bytes: number): string {
  const kb = bytes / 1024;
  return kb < 1024 ? `${Math.round(kb)} kB` : `${Math.round(kb / 102.4) / 10} MB`;
}
