import type { Names } from '../../../platform/net/names.js';

type Resolve = Names['resolve'];

/** A resolver that answers nothing more after `ms`: what others evaluate with it can't go on for ever. */
export function resolverFor(names: Names, ms: number): Resolve {
  let isOver = false;
  setTimeout(() => (isOver = true), ms).unref();
  return (name, rrtype) => (isOver ? Promise.reject(tooLate()) : names.resolve(name, rrtype));
}

/** @returns what `work` gives, or `late` after `ms` whatever becomes of it */
export async function within<T>(ms: number, work: Promise<T>, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const wait = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late), ms);
    timer.unref();
  });
  try {
    return await Promise.race([work, wait]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(): Error {
  return Object.assign(new Error('There was no time left to ask the DNS'), { code: 'ETIMEOUT' });
}
