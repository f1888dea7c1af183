import Handlebars from 'handlebars';
import sanitizeHtml from 'sanitize-html';
import { withFormulas } from './formulas.js';
import { isNestedTooDeeply } from './html_depth.js';

/** HTML of customers that went through the sanitiser; the only text that templates print unescaped. */
export class SafeHtml {
  private constructor(readonly text: string) {}

  /**
   * Lets formatting, lists, tables, links and pictures of ours through; no scripts, styles, forms, frames, svg or math.
   * A picture at another host would be asked for by the reader's browser: its description stands there instead.
   */
  static of(dirty: string): SafeHtml {
    // Reading what is nested without end would stall everybody: it stands there as it is written.
    if (isNestedTooDeeply(dirty)) return new SafeHtml(Handlebars.escapeExpression(dirty));
    return new SafeHtml(withFormulas(sanitizeHtml(dirty, RULES)));
  }

  toString(): string {
    return this.text;
  }
}

const RULES: sanitizeHtml.IOptions = {
  allowedTags: [
    'a',
    'abbr',
    'b',
    'blockquote',
    'br',
    'caption',
    'code',
    'dd',
    'del',
    'div',
    'dl',
    'dt',
    'em',
    'figcaption',
    'figure',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'hr',
    'i',
    'img',
    'ins',
    'li',
    'mark',
    'ol',
    'p',
    'pre',
    'q',
    's',
    'small',
    'span',
    'strong',
    'sub',
    'sup',
    'table',
    'tbody',
    'td',
    'tfoot',
    'th',
    'thead',
    'tr',
    'u',
    'ul',
  ],
  allowedAttributes: {
    a: ['href', 'title', 'rel', 'target'],
    img: ['src', 'alt', 'width', 'height'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan', 'scope'],
    '*': ['dir', 'lang'],
  },
  allowedSchemes: ['https', 'http', 'mailto', 'tel'],
  allowedSchemesByTag: { img: [] },
  allowProtocolRelative: false,
  transformTags: {
    a: sanitizeHtml.simpleTransform('a', { rel: 'noopener nofollow' }),
    img: (_tag, attribs) =>
      isOurs(attribs['src'] ?? '')
        ? { tagName: 'img', attribs }
        : { tagName: 'span', attribs: {}, text: attribs['alt'] ?? '' },
  },
};

/** A path on this very host: `/a.png`, but neither `//host/a.png` nor `/\\host/a.png`, which browsers read alike. */
export function isOurs(address: string): boolean {
  return /^\/(?![/\\])[\w./~-]*$/.test(address);
}
