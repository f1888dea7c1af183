const [QUOTE, BACKSLASH, COMMA, COLON] = [34, 92, 44, 58];
const OPENERS = new Set([91, 123]);
const CLOSERS = new Set([93, 125]);

/**
 * Measures JSON without making anything of it: one walk over its characters, whatever stands there. What is no JSON at
 * all is for the parser to refuse.
 * @returns why it is too much: deeper than `depth`, or more than `values` values and names
 */
export function shapeOf(text: string, most: { values: number; depth: number }): 'deep' | 'many' | undefined {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfText(text, at);
    } else if (code === COMMA || code === COLON) {
      values += 1;
    } else if (OPENERS.has(code)) {
      depth += 1;
      values += 1;
    } else if (CLOSERS.has(code)) {
      depth -= 1;
    }
    if (depth > most.depth) {
      return 'deep';
    }
    if (values > most.values) {
      return 'many';
    }
  }
  return undefined;
}

/** Where the text that begins at `start` ends: at the next quote that no backslash stands before. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) {
    at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  }
  return at;
}
