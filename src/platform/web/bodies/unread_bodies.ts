import type { NextFunction, Request, Response } from 'express';
import { declaredBytes, hasBody } from './body_headers.js';

/** What is still taken of a body that nobody reads, and for how long: most clients listen only after they have sent all. */
const LEFT_BYTES = 64 * 1024;
const LEFT_MS = 1000;

/**
 * Parts from clients whose body is not read. They get the whole answer first; then some of what they still send is
 * thrown away and they have a moment to hang up, since a closed connection would take the answer from those that are
 * still writing (RFC 9112 §9.6). What is left after that goes with the connection.
 */
export function unreadBodies(request: Request, response: Response, next: NextFunction): void {
  if (!hasBody(request)) {
    next();
    return;
  }
  const [writeHead, end] = [response.writeHead.bind(response), response.end.bind(response)] as Loose[];
  response.writeHead = ((...words: unknown[]) => {
    if (!request.complete && !isSmall(request) && !response.headersSent) {
      response.setHeader('Connection', 'close');
    }
    return writeHead!(...words);
  }) as Response['writeHead'];
  response.end = ((...words: unknown[]) => {
    if (request.complete || request.destroyed || response.writableEnded) {
      return end!(...words);
    }
    tell(response, words);
    rest(request, () => {
      if (!request.complete) {
        response.once('finish', () => request.socket.destroySoon());
      }
      end!(...words.filter((word) => typeof word === 'function'));
    });
    return response;
  }) as Response['end'];
  next();
}

type Loose = (...words: unknown[]) => unknown;

/** So small a body arrives with the answer, and the connection goes on. */
function isSmall(request: Request): boolean {
  return request.headers['transfer-encoding'] === undefined && declaredBytes(request) <= LEFT_BYTES;
}

/** Sends all of the answer but its end. */
function tell(response: Response, [chunk, encoding]: unknown[]): void {
  const hasChunk = typeof chunk === 'string' || chunk instanceof Uint8Array;
  const name = typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8';
  const isSized = response.hasHeader('Content-Length') || response.hasHeader('Transfer-Encoding');
  if (!response.headersSent && !isSized && ![204, 304].includes(response.statusCode)) {
    response.setHeader('Content-Length', hasChunk ? Buffer.byteLength(chunk, name) : 0);
  }
  if (hasChunk) {
    response.write(chunk, name);
  } else {
    response.flushHeaders();
  }
}

/** Throws some of the body away, then lets the client wait: done when it is over, when it has gone, or in the end. */
function rest(request: Request, done: () => void): void {
  let left = LEFT_BYTES;
  let isDone = false;
  const finish = (): void => {
    clearTimeout(timer);
    request.off('data', count).pause();
    if (!isDone) {
      isDone = true;
      done();
    }
  };
  const count = (chunk: Buffer): void => {
    left -= chunk.length;
    if (left <= 0) {
      request.off('data', count).pause();
    }
  };
  const timer = setTimeout(finish, LEFT_MS);
  for (const event of ['end', 'close', 'error']) {
    request.once(event, finish);
  }
  request.on('data', count).resume();
}
