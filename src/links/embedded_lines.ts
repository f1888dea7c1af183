/** Embedded data of a distribution as a form takes it: one pair a line, `Name = value`. */

const MOST_PAIRS = 10;
const NAME_LENGTH = 200;
const VALUE_LENGTH = 1024;
const RESERVED = ['__proto__', 'constructor', 'prototype'];

/** @returns the pairs, or why a line is none, in words for whoever wrote it */
export function readEmbeddedLines(text: string): { pairs: Record<string, string> } | { fault: string } {
  const pairs = new Map<string, string>();
  for (const [place, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') {
      continue;
    }
    const cut = line.indexOf('=');
    const name = line.slice(0, Math.max(cut, 0)).trim();
    const value = line.slice(cut + 1).trim();
    const wrong = cut < 0 ? 'has no =' : faultOf(name, value, pairs);
    if (wrong !== undefined) {
      return { fault: `Line ${place + 1} ${wrong}. Write one pair a line, like Wave = spring.` };
    }
    pairs.set(name, value);
  }
  return pairs.size > MOST_PAIRS
    ? { fault: `These are ${pairs.size} pairs. At most ${MOST_PAIRS} can travel with the links.` }
    : { pairs: Object.fromEntries(pairs) };
}

export function embeddedLines(pairs: Record<string, string>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n');
}

function faultOf(name: string, value: string, before: Map<string, string>): string | undefined {
  if (name === '' || RESERVED.includes(name) || /\p{Cc}/u.test(name + value)) {
    return 'has no name that can be used';
  }
  if (before.has(name)) {
    return `says “${name}” a second time`;
  }
  const isLong = name.length > NAME_LENGTH || value.length > VALUE_LENGTH;
  return isLong ? `is too long: ${NAME_LENGTH} characters for a name, ${VALUE_LENGTH} for a value` : undefined;
}
