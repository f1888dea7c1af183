import sanitizeHtml from 'sanitize-html';
import { HtmlPlaces } from './mail_places.js';
import { outlookComment, withoutOutlook } from './outlook_comments.js';
import { cleanOutlookMarkup, type MarkupRules } from './outlook_markup.js';

/** Marks in CSS that load something or run something. */
const HARMFUL_CSS = /@import[^;]*;?|expression\s*\(|behaviou?r\s*:|-moz-binding\s*:|javascript\s*:|vbscript\s*:/gi;

/** Stands for a comment that Outlook reads; signs that nobody writes. */
const KEPT = /\uE100(\d{1,9})\uE101/g;

const LAYOUT = ['align', 'valign', 'width', 'height', 'bgcolor', 'border', 'cellpadding', 'cellspacing', 'background'];

const TAGS =
  `html head body title meta style center font map area article section header footer main a abbr b blockquote br
  caption code col colgroup dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins li mark ol p pre q s small
  span strike strong sub sup table tbody td tfoot th thead tr tt u ul`.split(/\s+/);

/**
 * Markup of mails: tables, styles and whole documents stay, because mail programs need them; whatever runs, loads a
 * document, sends a form or draws vectors goes, also as an address.
 */
const RULES: sanitizeHtml.IOptions = {
  allowedTags: TAGS,
  allowVulnerableTags: true,
  allowedAttributes: {
    '*': ['dir', 'lang', 'style', 'class', 'id', 'role', 'title', 'aria-hidden', 'aria-label', ...LAYOUT],
    a: ['href', 'target', 'rel', 'name'],
    area: ['href', 'target', 'rel', 'alt', 'shape', 'coords'],
    map: ['name'],
    img: ['src', 'alt', 'srcset', 'usemap'],
    td: ['colspan', 'rowspan', 'nowrap'],
    th: ['colspan', 'rowspan', 'scope', 'nowrap'],
    col: ['span'],
    ol: ['start', 'type'],
    font: ['color', 'face', 'size'],
    meta: ['charset', 'name', 'content'],
    style: ['type', 'media'],
  },
  allowedSchemes: ['https', 'http', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['https', 'http', 'cid'] },
  allowedSchemesAppliedToAttributes: ['href', 'src', 'background', 'cite'],
  allowProtocolRelative: false,
  parseStyleAttributes: false,
  // Of what is dropped nothing may be left over as text.
  nonTextTags: [
    'script',
    'textarea',
    'option',
    'noscript',
    'xmp',
    'svg',
    'math',
    'iframe',
    'object',
    'template',
    'select',
  ],
  transformTags: { '*': withoutHarm },
};

function withoutHarm(tagName: string, attribs: sanitizeHtml.Attributes): sanitizeHtml.Tag {
  const bare = Object.fromEntries(Object.entries(attribs).map(([name, value]) => [name, value.replaceAll(KEPT, '')]));
  const { style } = bare;
  return { tagName, attribs: style === undefined ? bare : { ...bare, style: harmlessCss(style) } };
}

/** An escape can spell any of the words; mails need none. */
function harmlessCss(css: string): string {
  return css.includes('\\') ? '' : withoutHarmful(css);
}

const MARKUP: MarkupRules = {
  tags: new Set(TAGS),
  attributes: new Set(Object.values(RULES.allowedAttributes as Record<string, string[]>).flat()),
  css: harmlessCss,
};

/**
 * What an author's HTML may bring into a mail and into its preview. Placeholders pass, also as addresses, and comments that
 * only Outlook reads, with as little in them. Cleaning twice changes nothing.
 */
export function cleanMailHtml(dirty: string): string {
  const comments: string[] = [];
  const marked = withoutOutlook(dirty.replaceAll(/[\uE100\uE101]/g, ''), (comment, isMarkup) => {
    comments.push(isMarkup ? outlookComment(comment, (inner) => cleanOutlookMarkup(inner, MARKUP)) : comment);
    return `\uE100${comments.length - 1}\uE101`;
  });
  return withComments(cleanMarkup(marked), comments);
}

/** Comments go back where text may stand; in an attribute or a style they would be something else. */
function withComments(clean: string, comments: readonly string[]): string {
  const places = new HtmlPlaces();
  return clean
    .split(KEPT)
    .map((part, place) => {
      if (place % 2 === 1) return places.isBetweenTags ? (comments[Number(part)] ?? '') : '';
      places.read(part);
      return part;
    })
    .join('');
}

function cleanMarkup(dirty: string): string {
  const clean = sanitizeHtml(dirty, RULES).replaceAll(/(<style[^>]*>)([\s\S]*?)(<\/style>)/gi, inStyle);
  return /^\s*<!doctype/i.test(dirty) ? `<!DOCTYPE html>\n${clean.trimStart()}` : clean;
}

/** Of "<" only the one stays that compares: where anything else was cut out, what is left could close the element. */
function inStyle(_all: string, open: string, css: string, close: string): string {
  return open + withoutHarmful(css.replaceAll(KEPT, '')).replaceAll(/<(?![\s=\d])/g, '') + close;
}

/** Where what is cut out leaves the same word behind, somebody wants it that way: nothing of it stays. */
function withoutHarmful(css: string): string {
  const cut = css.replaceAll(HARMFUL_CSS, '');
  return cut.search(HARMFUL_CSS) < 0 ? cut : '';
}
