import sanitizeHtml from 'sanitize-html';

/** Marks in CSS that load something or run something. */
const HARMFUL_CSS = /@import[^;]*;?|expression\s*\(|behaviou?r\s*:|-moz-binding\s*:|javascript\s*:|vbscript\s*:/gi;

const LAYOUT = ['align', 'valign', 'width', 'height', 'bgcolor', 'border', 'cellpadding', 'cellspacing', 'background'];

const TAGS = `html head body title meta style center font article section header footer main a abbr b blockquote br
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
    img: ['src', 'alt', 'srcset'],
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
  const { style } = attribs;
  return { tagName, attribs: style === undefined ? attribs : { ...attribs, style: harmlessCss(style) } };
}

/** An escape can spell any of the words; mails need none. */
function harmlessCss(css: string): string {
  return css.includes('\\') ? '' : withoutHarmful(css);
}

/**
 * What an author's HTML may bring into a mail and into its preview. Placeholders pass, also as addresses. Cleaning twice
 * changes nothing.
 */
export function cleanMailHtml(dirty: string): string {
  const clean = sanitizeHtml(dirty, RULES).replaceAll(/(<style[^>]*>)([\s\S]*?)(<\/style>)/gi, inStyle);
  return /^\s*<!doctype/i.test(dirty) ? `<!DOCTYPE html>\n${clean.trimStart()}` : clean;
}

/** Of "<" only the one stays that compares: where anything else was cut out, what is left could close the element. */
function inStyle(_all: string, open: string, css: string, close: string): string {
  return open + withoutHarmful(css).replaceAll(/<(?![\s=\d])/g, '') + close;
}

/** Where what is cut out leaves the same word behind, somebody wants it that way: nothing of it stays. */
function withoutHarmful(css: string): string {
  const cut = css.replaceAll(HARMFUL_CSS, '');
  return cut.search(HARMFUL_CSS) < 0 ? cut : '';
}
