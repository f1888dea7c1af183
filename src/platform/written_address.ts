import { trimmed } from './foreign/invisible.js';

/** An address as people write it down, and whose it is. */
export interface WrittenAddress {
  /** Not checked: it may be none. */
  address: string;
  /** '' where none stands beside it. */
  name: string;
}

const ANGLED = /^([^<>]*)<([^<>]*)>[\s;,]*$/;
const BRACKETED = /^([^[\]]*)\[\s*(mailto:[^[\]]*)\][\s;,]*$/i;
const LINKED = /^\[([^[\]]*)\]\((mailto:[^()]*)\)[\s;,]*$/i;
/** RFC 5322 appendix A.6.1: names as comments, as old programs write them. */
const COMMENTED = /^([^\s()<>"'@]+@[^\s()<>"'@]+)\s+\(([^()]*)\)$/;
const QUOTED = /^"((?:[^"\\]|\\.)*)"$|^'([^']*)'$/s;
/** Longer texts are no address with a name; matching them would cost time for nothing. */
const MOST_CHARACTERS = 1000;

/**
 * Reads `ada@example.com`, `Ada Lovelace <ada@example.com>`, `"Lovelace, Ada" <…>`, `ada@example.com (Ada Lovelace)` and
 * `mailto:ada@example.com?subject=…` (RFC 6068), however they are nested, with blanks and unseen characters around them.
 */
export function writtenAddress(text: string): WrittenAddress {
  const whole = trimmed(text);
  if (whole.length > MOST_CHARACTERS) {
    return { address: whole, name: '' };
  }
  const named = ANGLED.exec(whole) ?? BRACKETED.exec(whole) ?? LINKED.exec(whole);
  if (named !== null) {
    return { address: bareAddress(named[2]!), name: nameOf(named[1]!) };
  }
  const commented = COMMENTED.exec(whole);
  return commented === null
    ? { address: bareAddress(whole), name: '' }
    : { address: bareAddress(commented[1]!), name: nameOf(commented[2]!) };
}

/** Without the quotes, the scheme and the list's separator that it was copied with. */
function bareAddress(text: string): string {
  const alone = unquoted(text).replace(/[\s;,]+$/, '');
  if (!/^mailto:/i.test(alone)) {
    return alone;
  }
  const path = alone.slice('mailto:'.length).split('?', 1)[0]!;
  try {
    return trimmed(decodeURIComponent(path));
  } catch {
    return trimmed(path);
  }
}

/** A name that is an address says nothing. */
function nameOf(text: string): string {
  const name = unquoted(text).replaceAll(/\\(["\\])/g, '$1');
  return name.includes('@') ? '' : name;
}

function unquoted(text: string): string {
  const inner = trimmed(text);
  const quoted = QUOTED.exec(inner);
  return quoted === null ? inner : trimmed(quoted[1] ?? quoted[2]!);
}
