import { inLowerCase } from '../../platform/web/html/css_weight.js';
import { plainText } from '../../engine/text.js';

/** A picture in a mail's HTML. */
export interface Picture {
  src: string;
  alt: string;
}

/** Reads cleaned HTML, in which every attribute stands in double quotes. */
export function picturesIn(clean: string): Picture[] {
  return tagsOf(clean, 'img').map(({ attributes }) => ({
    src: attribute(attributes, 'src'),
    alt: attribute(attributes, 'alt'),
  }));
}

/** Tags of one name with what stands between that and the next ">"; a tag without an end is none. One look at each character. */
function tagsOf(html: string, name: string): { attributes: string; end: number }[] {
  const lower = inLowerCase(html);
  const tags: { attributes: string; end: number }[] = [];
  for (let at = lower.indexOf(`<${name}`); at !== -1; at = lower.indexOf(`<${name}`, at + 1)) {
    const end = html.indexOf('>', at);
    if (end === -1) break;
    const attributes = html.slice(at + name.length + 1, end);
    if (/^(?:$|[\s/])/.test(attributes)) tags.push({ attributes, end: end + 1 });
    at = end;
  }
  return tags;
}

export interface Anchor {
  href: string;
  text: string;
}

/** Links stand in none of their own kind: one that is not closed ends where the next one begins. */
export function anchorsIn(clean: string): Anchor[] {
  const tags = tagsOf(clean, 'a');
  const lower = inLowerCase(clean);
  return tags.map(({ attributes, end }, place) => {
    const next = tags[place + 1]?.end ?? clean.length;
    const inner = lower.slice(end, next);
    const close = inner.indexOf('</a>');
    return {
      href: attribute(attributes, 'href'),
      text: plainText(clean.slice(end, close === -1 ? end : end + close)),
    };
  });
}

/** Whether a link reads like one address and leads to another: filters take that for deceit. */
export function hasMismatchedLink(clean: string): boolean {
  return anchorsIn(clean).some(({ href, text }) => {
    const [shown, target] = [hostIn(text), hostIn(href)];
    return shown !== undefined && target !== undefined && !isSame(shown, target);
  });
}

/** Browsers take no more. */
const LONGEST_ADDRESS = 2000;

/** The host that a text names, when the text is an address and nothing else. */
export function hostIn(text: string): string | undefined {
  if (text.length > LONGEST_ADDRESS) {
    return undefined;
  }
  const match = /^\s*(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,24})(?::\d+)?(?:[/?#]\S*)?\s*$/i.exec(text);
  return match?.[1]?.toLowerCase();
}

function isSame(one: string, other: string): boolean {
  return one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
}

function attribute(attributes: string, name: string): string {
  return plainText(new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(attributes)?.[1] ?? '');
}
