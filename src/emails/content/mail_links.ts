import { decodeHTML } from 'entities';
import sanitizeHtml from 'sanitize-html';
import { stretchesOf } from './outlook_comments.js';

/** An address that stands in an attribute of a rendered mail. */
export interface MailLink {
  url: string;
  /** Whether it is a link that people can see and follow in any mail program. */
  isSeen: boolean;
}

/** What a rendered mail leads to, and what people read of it. */
export interface ReadMail {
  links: MailLink[];
  /** Without what is hidden; a line for each block. */
  text: string;
}

/** Attributes that hold an address. */
const ADDRESSES = ['href', 'src', 'srcset', 'background', 'action', 'cite'];
const INLINE = new Set(
  'a abbr b center code em font i img ins mark q s small span strike strong sub sup tt u'.split(' '),
);
const HIDDEN =
  /display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?![.\d])|max-height\s*:\s*0(?![.\d])/i;
/** Signs without a shape of their own. */
const SHAPELESS = /[\s\p{Cf}]/gu;

interface Open {
  name: string;
  isHidden: boolean;
  /** Of a link: where it stands among the links, and whether there is something to click on. */
  link?: MailLink;
  hasContent: boolean;
}

/** Reads a mail as it is rendered. What only Outlook reads is looked through for addresses; nobody else sees it. */
export function readMail(html: string): ReadMail {
  const stretches = stretchesOf(html);
  const common = stretches.filter(({ condition }) => condition === undefined).map(({ text }) => text);
  const own = stretches.flatMap(({ text, condition }) => (condition === undefined ? [] : addressesIn(text)));
  const { links, text } = new Reading().of(common.join(''));
  return { text, links: [...links, ...own.map((url) => ({ url, isSeen: false }))] };
}

function addressesIn(html: string): string[] {
  return Array.from(html.matchAll(/\s(?:href|src)\s*=\s*"([^"]{1,2000})"/gi), ([, address = '']) =>
    decodeHTML(address),
  );
}

/** One look through the elements of a mail, from the first to the last. */
class Reading {
  private readonly links: MailLink[] = [];
  private readonly words: string[] = [];
  private readonly open: Open[] = [];

  of(html: string): ReadMail {
    sanitizeHtml(html, {
      allowedTags: false,
      allowedAttributes: false,
      allowVulnerableTags: true,
      parseStyleAttributes: false,
      nonTextTags: [],
      onOpenTag: (name, attributes) => this.begin(name, attributes),
      onCloseTag: () => this.end(),
      textFilter: (text) => this.text(text),
    });
    return { links: this.links, text: this.words.join('') };
  }

  private begin(name: string, attributes: Record<string, string>): void {
    const isHidden = this.isHidden || HIDDEN.test(attributes['style'] ?? '');
    const found = ADDRESSES.flatMap((one) => attributes[one]?.trim() ?? []).map((url) => ({ url, isSeen: false }));
    this.links.push(...found);
    const link = name === 'a' || name === 'area' ? found[0] : undefined;
    if (name === 'img' && !isHidden) this.mark();
    if (!INLINE.has(name)) this.words.push('\n');
    this.open.push({ name, isHidden, hasContent: name === 'area', ...(link ? { link } : {}) });
  }

  private end(): void {
    const ended = this.open.pop();
    if (ended?.link !== undefined) ended.link.isSeen = ended.hasContent && !ended.isHidden;
    if (ended !== undefined && !INLINE.has(ended.name)) this.words.push('\n');
  }

  private text(text: string): string {
    const read = decodeHTML(text);
    const isTold = this.open.some(({ name }) => name === 'title' || name === 'style');
    if (!this.isHidden && !isTold) {
      if (read.replaceAll(SHAPELESS, '') !== '') this.mark();
      this.words.push(read);
    }
    return '';
  }

  /** Every link around has something to click on now. */
  private mark(): void {
    this.open.forEach((one) => (one.hasContent = true));
  }

  private get isHidden(): boolean {
    return this.open.at(-1)?.isHidden === true;
  }
}
