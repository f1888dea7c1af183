/** Somebody whom a report in free words is about, and what it says of him where it speaks of several. */
export interface NamedRecipient {
  recipient: string;
  /** From his address to the next one's. */
  section: string;
}

const MOST = 20;
const ADDRESS = '[^\\s<>"\'`(),;:|\\[\\]]{1,64}@[^\\s<>"\'`(),;:|\\[\\]]{1,254}[\\p{L}\\p{N}]';
/** A paragraph of his own, as most servers write it. */
const AT_START = new RegExp(
  `^(?:[ \\t>*-]{0,12}|[45]\\d\\d )["']?<?(${ADDRESS})>?["']?(?=[ \\t]*(?:\\r?$|[:;(\\[<]|\\.\\.\\.|\\t| {2,}| on | \\S+ address, error))`,
  'gimu',
);
/** In a sentence or in what the server was told. */
const IN_WORDS = new RegExp(
  `(?:\\b(?:rcpt to|recipients?|recipient address|delivered to|delivery to|deliver [a-z ]{0,30}to|message to|mail to|e-mail to|address(?:es)?|user|to|size)|宛先|あて先)[ \\t]*[:：]?[ \\t]*["']?<?(${ADDRESS})`,
  'giu',
);
const ANY = new RegExp(ADDRESS, 'giu');
/** Whom to ask, and who wrote the report or the mail. */
const NOBODY =
  /^(?:postmaster|mailer-?daemon|abuse|hostmaster|support|helpdesk|no-?reply|b-[a-z2-7]{26,}|u-[a-z2-7]{26,})@/i;

/**
 * Whom the words of a report name. First those who stand where servers name the recipient, then any other address in it: one of
 * them may be ours. None where no place tells one.
 */
export function namedRecipients(words: string): NamedRecipient[] {
  const starts = [...words.matchAll(AT_START)].filter(([, address]) => !NOBODY.test(address!));
  const sections = starts.map((start, at) => ({
    recipient: start[1]!,
    section: words.slice(start.index, starts[at + 1]?.index ?? words.length),
  }));
  const placed = [...words.matchAll(IN_WORDS)].map(([, recipient]) => ({ recipient: recipient!, section: words }));
  const told = sections.length === 1 ? sections.map((one) => ({ ...one, section: words })) : sections;
  const known = [...told, ...placed].filter(({ recipient }) => !NOBODY.test(recipient));
  const others = [...words.matchAll(ANY)].map(([recipient]) => ({ recipient, section: words }));
  return known.length === 0 ? [] : distinct([...known, ...others.filter(({ recipient }) => !NOBODY.test(recipient))]);
}

function distinct(all: readonly NamedRecipient[]): NamedRecipient[] {
  const found = new Map<string, NamedRecipient>();
  for (const one of all) {
    const key = one.recipient.toLowerCase();
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()].slice(0, MOST);
}
