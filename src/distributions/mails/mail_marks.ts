import { plainText } from '../../surveys/engine/text.js';

/** A picture in a mail's HTML. */
export interface Picture {
  src: string;
  alt: string;
}

/** Reads cleaned HTML, in which every attribute stands in double quotes. */
export function picturesIn(clean: string): Picture[] {
  return [...clean.matchAll(/<img\b([^>]*)>/gi)].map(([, attributes = '']) => ({
    src: attribute(attributes, 'src'),
    alt: attribute(attributes, 'alt'),
  }));
}

export interface Anchor {
  href: string;
  text: string;
}

export function anchorsIn(clean: string): Anchor[] {
  return [...clean.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a>/gi)].map(([, attributes = '', inner = '']) => ({
    href: attribute(attributes, 'href'),
    text: plainText(inner),
  }));
}

/** Whether a link reads like one address and leads to another: filters take that for deceit. */
export function hasMismatchedLink(clean: string): boolean {
  return anchorsIn(clean).some(({ href, text }) => {
    const [shown, target] = [hostIn(text), hostIn(href)];
    return shown !== undefined && target !== undefined && !isSame(shown, target);
  });
}

/** The host that a text names, when the text is an address and nothing else. */
export function hostIn(text: string): string | undefined {
  const match = /^\s*(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,24})(?::\d+)?(?:[/?#]\S*)?\s*$/i.exec(text);
  return match?.[1]?.toLowerCase();
}

function isSame(one: string, other: string): boolean {
  return one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
}

function attribute(attributes: string, name: string): string {
  return plainText(new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(attributes)?.[1] ?? '');
}
