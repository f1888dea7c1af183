import { escapeHtml } from '../../engine/text.js';

/** What HTML inside and outside of comments is judged by. */
export interface MarkupRules {
  tags: ReadonlySet<string>;
  attributes: ReadonlySet<string>;
  css: (css: string) => string;
}

/** Shapes and settings that only Outlook knows, and what they are drawn with. */
const SHAPES =
  /^(?:v:(?:roundrect|rect|oval|line|shape|fill|stroke|textbox|image|background|group)|o:(?:p|lock|officedocumentsettings|allowpng|pixelsperinch)|w:anchorlock|xml)$/;
const DRAWN_WITH = new Set(
  `xmlns xmlns:v xmlns:o xmlns:w arcsize stroke stroked strokecolor strokeweight fill filled fillcolor inset type color color2
  size sizes aspect origin position coordsize coordorigin path from to angle opacity alt src href target`.split(/\s+/),
);
const ADDRESSES = new Set(['href', 'src', 'background']);
/** Longer ones are no tags that people write. */
const LONGEST_TAG = 4000;

/**
 * The inside of a comment that only Outlook reads: tags may be opened here and closed in another comment, so each is looked
 * at by itself. What runs, loads a document or ends the comment does not pass.
 */
export function cleanOutlookMarkup(html: string, rules: MarkupRules): string {
  let clean = '';
  let isStyle = false;
  for (let at = 0; at < html.length;) {
    const open = html.indexOf('<', at);
    const text = html.slice(at, open === -1 ? html.length : open);
    clean += isStyle ? rules.css(text) : text.replaceAll('>', '&gt;');
    if (open === -1) break;
    const end = endOf(html, open);
    const tag = end === -1 ? '' : cleanTag(html.slice(open, end), rules);
    if (/^<\/?style\b/i.test(tag)) isStyle = !tag.startsWith('</');
    clean += tag;
    at = end === -1 ? open + 1 : end;
  }
  return clean.replaceAll('--', '- -');
}

/** Behind the ">" of the tag that begins here; -1 for what is none. */
function endOf(html: string, open: number): number {
  const most = Math.min(html.length, open + LONGEST_TAG);
  if (!/^<\/?[a-z]/i.test(html.slice(open, open + 3))) return -1;
  for (let at = open + 1, quote = ''; at < most; at += 1) {
    const sign = html[at]!;
    if (quote === '' && sign === '>') return at + 1;
    if (quote === '' && (sign === '"' || sign === "'")) quote = sign;
    else if (sign === quote) quote = '';
  }
  return -1;
}

function cleanTag(tag: string, rules: MarkupRules): string {
  const [, end = '', written = ''] = /^<(\/?)([a-z][\w:-]*)/i.exec(tag) ?? [];
  const name = written.toLowerCase();
  if (!rules.tags.has(name) && !SHAPES.test(name)) return '';
  if (end !== '') return `</${written}>`;
  const attributes = Array.from(
    tag.slice(written.length + 1).matchAll(/([a-z_][\w:.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/gi),
    ([, attribute = '', ...values]) =>
      cleanAttribute(attribute, values.find((value) => value !== undefined) ?? '', rules),
  );
  return `<${written}${attributes.join('')}${tag.endsWith('/>') ? ' /' : ''}>`;
}

function cleanAttribute(written: string, value: string, { attributes, css }: MarkupRules): string {
  const name = written.toLowerCase();
  const isKnown = attributes.has(name) || DRAWN_WITH.has(name);
  if (!isKnown || (ADDRESSES.has(name) && !/^(?:https?:|mailto:|tel:|cid:|#|\$\{)/i.test(value.trim()))) return '';
  const read = name !== 'style' ? value : value.includes('&#') ? '' : css(value);
  return ` ${written}="${escapeHtml(read).replaceAll('&amp;', '&').replaceAll('&#39;', "'")}"`;
}
