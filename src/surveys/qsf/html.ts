import sanitizeHtml from 'sanitize-html';
import type { Report } from './report.js';

const TAGS =
  'p div span br hr b strong i em u s sub sup small mark abbr q ul ol li dl dt dd blockquote pre code h2 a img figure ' +
  'figcaption table caption thead tbody tfoot tr th td';

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: TAGS.split(' '),
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
  allowProtocolRelative: false,
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'title',
    'svg',
    'math',
    'iframe',
    'object',
    'select',
  ],
  exclusiveFilter: (frame) => frame.tag === 'img' && !frame.attribs['src'],
  transformTags: {
    // The page has its own headings; one level keeps the outline in order.
    ...Object.fromEntries(['h1', 'h3', 'h4', 'h5', 'h6'].map((tag) => [tag, 'h2'])),
    a: (_tag, attribs) => ({ tagName: 'a', attribs: linkAttributes(attribs) }),
    img: (_tag, attribs) => ({ tagName: 'img', attribs: imageAttributes(attribs) }),
  },
};

/** An address that is piped in whole could be a script; one that only carries values can't. */
function linkAttributes(attribs: sanitizeHtml.Attributes): sanitizeHtml.Attributes {
  const { href = '', ...others } = attribs;
  const isSafe = /^(?:https?:\/\/[^$]|mailto:|tel:|\$\{l:\/\/)/i.test(href);
  return isSafe ? { ...others, href, rel: 'noopener noreferrer', target: '_blank' } : {};
}

function imageAttributes({ src = '', alt = '', ...others }: sanitizeHtml.Attributes): sanitizeHtml.Attributes {
  const address = src.startsWith('//') ? `https:${src}` : src;
  return /^https:\/\/[^$/]/i.test(address) ? { ...others, src: address, alt } : {};
}

const LOST: [RegExp, string][] = [
  [/<script\b/i, 'A script in the text was dropped; surveys here run no foreign scripts.'],
  [/<(?:iframe|video|audio|embed|object)\b/i, 'An embedded player or frame was dropped.'],
  [/<(?:svg|math|canvas)\b/i, 'A drawing or formula in the text was dropped.'],
  [/<(?:form|input|select|textarea|button)\b/i, 'Form elements in the text were dropped.'],
  [/<img\b[^>]*\bsrc\s*=\s*["']?(?!https:|\/\/)/i, 'An image without an https address was dropped.'],
];

/** Sanitised HTML; what is lost that a respondent would miss is reported. */
export function safeHtml(html: string, where: string, report: Report): string {
  if (!/[<>&]/.test(html)) return html;
  for (const [pattern, what] of LOST) {
    if (pattern.test(html)) report.warn(where, what);
  }
  const safe = sanitizeHtml(html, OPTIONS).trim();
  const host = /<img[^>]*src="https:\/\/([^/"]{1,100})/.exec(safe)?.[1];
  if (host) report.note(where, `Shows an image from ${host}; respondents' browsers will ask that server for it.`);
  return safe;
}
