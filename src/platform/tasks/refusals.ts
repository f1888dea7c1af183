import { DomainError, Invalid, LimitReached, NotAllowed, NotFound, WrongState } from '../errors.js';

/** A refusal as a plain value: classes do not pass between threads. */
export interface PlainRefusal {
  kind: 'Invalid' | 'LimitReached' | 'NotAllowed' | 'NotFound' | 'WrongState';
  message: string;
  code?: string;
  fields?: Record<string, string>;
  retryAfter?: number;
}

export function plainRefusal(error: DomainError): PlainRefusal {
  const { message, code } = error;
  const plain = { message, ...(code === undefined ? {} : { code }) };
  if (error instanceof Invalid) {
    return { kind: 'Invalid', ...plain, fields: error.fields };
  }
  if (error instanceof LimitReached) {
    const { retryAfter } = error;
    return { kind: 'LimitReached', ...plain, ...(retryAfter === undefined ? {} : { retryAfter }) };
  }
  if (error instanceof NotAllowed) {
    return { kind: 'NotAllowed', ...plain };
  }
  return { kind: error instanceof NotFound ? 'NotFound' : 'WrongState', ...plain };
}

export function refusalFrom({ kind, message, code, fields, retryAfter }: PlainRefusal): DomainError {
  const refusals: Record<PlainRefusal['kind'], () => DomainError> = {
    Invalid: () => new Invalid(message, fields, code),
    LimitReached: () => new LimitReached(message, retryAfter, code),
    NotAllowed: () => new NotAllowed(message, undefined, code),
    NotFound: () => new NotFound(message, code),
    WrongState: () => new WrongState(message, code),
  };
  return refusals[kind]();
}
