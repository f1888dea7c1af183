import sanitizeHtml from 'sanitize-html';
import { mayHoldFormula, unreadFormulas } from '../platform/web/html/formulas.js';
import { isNestedTooDeeply } from '../platform/web/html/html_depth.js';
import { escapeHtml, plainText } from '../engine/text.js';
import { HIDDEN, hiddenIn, isHiddenStyle, isWhite, mayHideInWhite } from './hidden.js';
import type { IsHidden } from './hidden.js';
import { formulaOf, pictureAddress } from './pictures.js';
import type { Report } from './report.js';

const TAGS =
  'p div span br hr b strong i em u s sub sup small mark abbr q ul ol li dl dt dd blockquote pre code h2 a img figure ' +
  'figcaption table caption thead tbody tfoot tr th td';

/** What is dropped with everything in it, for it is no text that a respondent reads. */
const WITHOUT_TEXT = 'script style textarea option noscript template title svg math iframe object select'.split(' ');

/** Told of what a text loses. */
type Lose = (what: 'picture' | 'barePicture' | 'link' | 'hidden', addressOrText: string) => void;

function optionsFor(lose: Lose, isHidden: IsHidden): sanitizeHtml.IOptions {
  return {
    allowedTags: [...TAGS.split(' '), HIDDEN],
    allowedAttributes: {
      '*': ['dir', 'lang'],
      a: ['href', 'rel', 'target'],
      img: ['src', 'alt', 'width', 'height'],
      td: ['colspan', 'rowspan'],
      th: ['colspan', 'rowspan', 'scope'],
      ol: ['start'],
      abbr: ['title'],
    },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['http', 'https', 'data'] },
    allowProtocolRelative: false,
    nonTextTags: WITHOUT_TEXT,
    exclusiveFilter: (frame) => {
      const isHiddenText = (frame as { name?: string }).name === HIDDEN;
      if (isHiddenText) lose('hidden', frame.text);
      // A lost picture; one with a description got a text of its own above.
      return isHiddenText || (frame.tag === 'img' && !frame.attribs['src'] && !('innerText' in frame));
    },
    transformTags: {
      // The page has its own headings; one level keeps the outline in order.
      ...Object.fromEntries(['h1', 'h3', 'h4', 'h5', 'h6'].map((tag) => [tag, 'h2'])),
      a: (_tag, attribs) => ({ tagName: 'a', attribs: linkAttributes(attribs, lose) }),
      img: (_tag, attribs) => image(attribs, lose),
      '*': (tagName, attribs) => (isHidden(attribs) ? { tagName: HIDDEN, attribs: {} } : { tagName, attribs }),
    },
  };
}

/** An address that is piped in whole could be a script; one that only carries values can't. */
function linkAttributes(attribs: sanitizeHtml.Attributes, lose: Lose): sanitizeHtml.Attributes {
  const { href = '', ...others } = attribs;
  const isSafe = /^(?:https?:\/\/[^$]|mailto:|tel:|\$\{l:\/\/)/i.test(href);
  if (!isSafe && !/^(?:|#.*)$/.test(href.trim())) lose('link', href);
  return isSafe ? { ...others, href, rel: 'noopener noreferrer', target: '_blank' } : {};
}

/** A picture with an address that can be fetched; of any other its description stays, as text. */
function image(attribs: sanitizeHtml.Attributes, lose: Lose): sanitizeHtml.Tag {
  const { alt = '', ...others } = attribs;
  const written = sourceOf(attribs);
  const formula = formulaOf(written);
  if (formula !== undefined) return { tagName: 'span', attribs: {}, text: `\\(${formula}\\)` };
  const address = pictureAddress(written);
  if (address !== undefined) return { tagName: 'img', attribs: { ...others, src: address, alt } };
  if (written !== '') lose(alt.trim() === '' ? 'barePicture' : 'picture', written);
  return alt.trim() === '' ? { tagName: 'img', attribs: {} } : { tagName: 'span', attribs: {}, text: alt };
}

/** Pages that choose by width name the smallest first. */
function sourceOf({ src = '', srcset = '', ...others }: sanitizeHtml.Attributes): string {
  return src.trim() || (others['data-src'] ?? '').trim() || srcset.trim().split(/[\s,]+/)[0]!;
}

type Group = 'respondents' | 'look';

/** No pattern looks beyond the next `<`: a text of brackets alone would be read from each of them to its end. */
const LOST: [RegExp, Group, string][] = [
  [/<script\b/i, 'respondents', 'A script in the text was dropped; surveys here run no foreign scripts.'],
  [/<(?:svg|math|canvas)\b/i, 'respondents', 'A drawing or formula in the text was dropped.'],
  [/<(?:form|input|select|textarea|button)\b/i, 'respondents', 'Form elements in the text were dropped.'],
  [
    /<[^<>]*\s(?:background\s*=|style\s*=\s*(?:"[^"<>]*|'[^'<>]*|[^\s<>]*)url\()/i,
    'look',
    'A picture behind the text was dropped.',
  ],
  [/<(?:style|link)\b/i, 'look', 'A style sheet in the text was dropped.'],
  [/<(?:font\b|[^<>]*\sstyle\s*=)/i, 'look', 'Styles of the text (colours, sizes, places) were dropped.'],
];

/** Reading a text decodes its entities and writes others; a character that no text has keeps the place of each meanwhile. */
const AND_OUTSIDE_TAGS = /(<[^<>]*>)|&/g;
const STAND_IN = '\uFDD0';

/** Characters of formulas that one import tries to draw, to tell of those that can't be; hostile ones are slow. */
const TRIED = 500_000;
const tried = new WeakMap<Report, number>();

/**
 * Sanitised HTML; what is lost that a respondent would miss is reported. Outside of tags not a character changes, because
 * labels of exports are this text without its tags. Where no tag begins there is nothing to sanitise.
 */
export function safeHtml(html: string, where: string, report: Report): string {
  const safe = html.includes('<') ? sanitised(html, where, report) : html;
  for (const formula of formulasLost(safe, report)) {
    const what = `A formula can't be drawn and stands there as it is written: "${plainText(formula).slice(0, 200)}".`;
    report.warn(where, what, 'Write it in plain TeX.');
  }
  return safe;
}

function formulasLost(safe: string, report: Report): string[] {
  if (!mayHoldFormula(safe)) return [];
  const before = tried.get(report) ?? 0;
  tried.set(report, before + safe.length);
  return before > TRIED ? [] : unreadFormulas(safe);
}

function sanitised(html: string, where: string, report: Report): string {
  const read = withoutComments(html);
  if (isNestedTooDeeply(html)) {
    report.warn(where, 'Its tags are nested too deeply to be read; only its words are kept.', 'Write the text again.');
    return escapeHtml(plainText(read));
  }
  const seen = read.replaceAll(/\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')/gi, (whole: string, one = '', other = '') =>
    isHiddenStyle(`${one}${other}`) ? '' : whole,
  );
  for (const [pattern, group, what] of LOST) {
    if (pattern.test(seen)) report[group][group === 'look' ? 'note' : 'warn'](where, what);
  }
  if (hasEmptyPicture(read)) report.warn(where, 'A picture without any address was dropped.');
  reportEmbedded(read, where, report);
  const lose: Lose = (kind, lost) => LOSE[kind](lost.replaceAll(STAND_IN, '&'), where, report);
  const kept = html.replaceAll(AND_OUTSIDE_TAGS, (_whole, tag?: string) => tag ?? STAND_IN);
  return sanitizeHtml(kept, optionsFor(lose, unseenIn(read))).replaceAll(STAND_IN, '&');
}

function withoutComments(html: string): string {
  const kept: string[] = [];
  let at = 0;
  for (let start = html.indexOf('<!--'); start !== -1; start = html.indexOf('<!--', at)) {
    const end = html.indexOf('-->', start + 4);
    if (end === -1) break;
    kept.push(html.slice(at, start));
    at = end + 3;
  }
  return [...kept, html.slice(at)].join('');
}

/** White words hide on a white page; where all are white, the page was dark. */
function unseenIn(html: string): IsHidden {
  const isHidden = hiddenIn(html);
  if (!mayHideInWhite(html)) return isHidden;
  const isUnseen: IsHidden = (attributes) => isHidden(attributes) || isWhite(attributes);
  const rest = plainText(
    sanitizeHtml(
      html,
      optionsFor(() => undefined, isUnseen),
    ),
  );
  return rest === '' ? isHidden : isUnseen;
}

const LOSE: Record<Parameters<Lose>[0], (lost: string, where: string, report: Report) => void> = {
  link: lostLink,
  picture: (lost, where, report) => lostPicture(lost, 'its description stands there instead.', where, report),
  barePicture: (lost, where, report) => lostPicture(lost, 'it has no description to stand there.', where, report),
  hidden: lostText,
};

/** What nobody saw is not shown; a script of theirs may have shown it later, which none does here. */
function lostText(text: string, where: string, report: Report): void {
  const words = plainText(text).slice(0, 200);
  if (words === '') return;
  const remedy = 'Write it into the text if a script showed it at some moment.';
  report.note(where, `A hidden text was left out: "${words}".`, remedy);
}

/** `<picture>` shows its `<img>`; its other addresses are only what that one may become. */
function hasEmptyPicture(html: string): boolean {
  return html
    .split(/<picture\b/i)
    .slice(1)
    .some((rest) => {
      const end = rest.search(/<\/picture/i);
      return end !== -1 && !/<img\b/i.test(rest.slice(0, end));
    });
}

function reportEmbedded(html: string, where: string, report: Report): void {
  for (const [, tag = '', rest = ''] of html.matchAll(/<(iframe|video|audio|embed|object)\b([^<>]*)/gi)) {
    const source = /\b(?:src|data)\s*=\s*["']?(?:https?:)?\/\/([^/"'\s>]+)/i.exec(rest)?.[1];
    const from = source === undefined ? '' : ` from "${source.slice(0, 100)}"`;
    report.warn(
      where,
      `An embedded player or frame (${tag.toLowerCase()})${from} was dropped.`,
      'Write a link to it into the text.',
    );
  }
}

function lostLink(address: string, where: string, report: Report): void {
  const what = `A link lost its address "${address.slice(0, 200)}": only whole addresses of the web, of mail and of phones are kept.`;
  report.warn(where, what, 'Write the link into the text again.');
}

function lostPicture(address: string, instead: string, where: string, report: Report): void {
  const remedy = 'Put the picture into the text again.';
  if (address.includes('${')) {
    report.warn(where, `The address of a picture is piped in ("${address.slice(0, 200)}"); ${instead}`, remedy);
  } else if (/^data:/i.test(address)) {
    report.warn(where, `A picture in the text is none that browsers show safely; ${instead}`, remedy);
  } else {
    const what = `A picture has an address that leads nowhere from here ("${address.slice(0, 200)}"); ${instead}`;
    report.warn(where, what, remedy);
  }
}
