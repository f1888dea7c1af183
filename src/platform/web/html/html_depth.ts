import sanitizeHtml from 'sanitize-html';

/** More tags inside each other than any page or mail that people write; each open one costs at each that is closed. */
const DEEPEST = 256;

class TooDeep extends Error {}

/** Whether so many tags stand open inside each other that reading them takes more than time in step with their number. */
export function isNestedTooDeeply(html: string): boolean {
  if (!mayBeDeep(html)) return false;
  let depth = 0;
  const onOpenTag = (): void => {
    depth += 1;
    if (depth > DEEPEST) throw new TooDeep();
  };
  const onCloseTag = (): void => {
    depth -= 1;
  };
  try {
    sanitizeHtml(html, { allowedTags: [], allowedAttributes: {}, nonTextTags: [], onOpenTag, onCloseTag });
    return false;
  } catch (error) {
    if (error instanceof TooDeep) return true;
    throw error;
  }
}

/** Few tags can't be deep; most texts have few. */
function mayBeDeep(html: string): boolean {
  return tagsIn(html, DEEPEST + 1) > DEEPEST;
}

/** How many tags may begin in a text, counted no further than to `most`. */
export function tagsIn(html: string, most = Infinity): number {
  let tags = 0;
  for (let at = html.indexOf('<'); at !== -1 && tags < most; at = html.indexOf('<', at + 1)) tags += 1;
  return tags;
}
