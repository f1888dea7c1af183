/** Where something is put in: between tags, in an attribute, or into an address after what stands there already. */
export type MailPlace = { kind: 'text' | 'attribute' } | { kind: 'address'; before: string };

/** A person's value, an address of ours, or a link to one with its words. */
export type PutIn = 'value' | 'address' | 'link';

/** Stands for a value that is not known yet. */
const SLOT = '\uE000';
/** Stands for an address of ours, which more may follow. */
const OURS = '\uE001';
const ADDRESSES = new Set(['href', 'src', 'background', 'srcset', 'cite', 'action', 'longdesc', 'poster']);
/** An address that is written out, up to where more of it may follow. */
const WRITTEN_OUT = /(?:https?:\/\/|mailto:|\uE001)[^\s<>"]*$/i;
/** Browsers take no more. */
const LONGEST = 2000;

/** Reads cleaned HTML piece by piece, in which every attribute stands in quotes, and knows where it is. */
export class HtmlPlaces {
  private mode: 'text' | 'tag' | 'value' = 'text';
  private attribute = '';
  private quote = '"';
  /** What is read of the tag, or of the attribute's value. */
  private seen = '';
  private readonly words = new TextPlaces();

  read(html: string): void {
    for (let at = 0; at < html.length;) {
      at = this.mode === 'text' ? this.text(html, at) : this.mode === 'tag' ? this.tag(html, at) : this.value(html, at);
    }
  }

  /** @param what an address of ours may have more added to it; a link between tags is an element, which ends there */
  pass(what: PutIn): void {
    this.see(what === 'value' ? SLOT : OURS);
    if (this.mode === 'text' && what === 'link') {
      this.words.read('>');
    } else if (this.mode === 'text') {
      this.words.pass(what);
    }
  }

  get isBetweenTags(): boolean {
    return this.mode === 'text';
  }

  here(): MailPlace {
    if (this.mode === 'text') return this.words.here();
    return this.mode === 'value' && ADDRESSES.has(this.attribute)
      ? { kind: 'address', before: this.seen }
      : { kind: 'attribute' };
  }

  private text(html: string, at: number): number {
    const begin = html.slice(at).search(/<[a-z/!]/i);
    this.words.read(begin === -1 ? html.slice(at) : html.slice(at, at + begin + 1));
    return begin === -1 ? html.length : this.enter('tag', at + begin + 1);
  }

  private tag(html: string, at: number): number {
    const found = /["'>]/.exec(html.slice(at));
    if (found === null) return this.end(html, at);
    this.see(html.slice(at, at + found.index));
    const next = at + found.index + 1;
    if (found[0] === '>') return this.enter('text', next);
    this.attribute = /([\w:-]+)\s*=\s*$/.exec(this.seen.slice(-200))?.[1]?.toLowerCase() ?? '';
    this.quote = found[0];
    return this.enter('value', next);
  }

  private value(html: string, at: number): number {
    const end = html.indexOf(this.quote, at);
    if (end === -1) return this.end(html, at);
    return this.enter('tag', end + 1);
  }

  private end(html: string, at: number): number {
    this.see(html.slice(at));
    return html.length;
  }

  /** Of a value its beginning tells what it is, of a tag its end; more is never looked at, for each of 20,000 placeholders. */
  private see(text: string): void {
    const all = this.seen + text;
    this.seen = this.mode === 'value' ? all.slice(0, LONGEST) : all.slice(-LONGEST);
  }

  private enter(mode: 'text' | 'tag' | 'value', next: number): number {
    this.mode = mode;
    this.seen = '';
    return next;
  }
}

/** Reads plain text: a place is in an address as long as nothing ended it. */
export class TextPlaces {
  private tail = '';
  /** What is written of it, where this is in one. */
  private address: string | undefined;

  read(text: string): void {
    let begin = text.length;
    while (begin > 0 && text.length - begin < LONGEST && !/[\s<>"]/.test(text[begin - 1]!)) begin -= 1;
    const word = text.slice(begin);
    this.tail = word.length === text.length ? (this.tail + word).slice(-LONGEST) : word;
    this.address = WRITTEN_OUT.exec(this.tail)?.[0];
  }

  pass(what: PutIn): void {
    const sign = what === 'value' ? SLOT : OURS;
    this.tail = (this.tail + sign).slice(-LONGEST);
    if (what !== 'value' || this.address !== undefined) {
      this.address = ((this.address ?? '') + sign).slice(0, LONGEST);
    }
  }

  here(): MailPlace {
    return this.address === undefined ? { kind: 'text' } : { kind: 'address', before: this.address };
  }
}

/** How a value is written where it is put in. */
export interface Spelling {
  name: string;
  write: (value: string) => string;
}

const AS_IT_IS: Spelling = { name: '', write: (value) => value };
/** A value that is the whole address: blanks and signs that no address has are encoded, and nothing that would run passes. */
const WHOLE: Spelling = {
  name: 'address',
  write: (value) => {
    const address = value.trim().toWellFormed();
    const scheme = /^[\s\p{Cc}]*([a-z][a-z0-9+.-]*):/iu.exec(address)?.[1]?.toLowerCase();
    const isHarmless = scheme === undefined || ['http', 'https', 'mailto', 'tel'].includes(scheme);
    return isHarmless ? address.replaceAll(/[\s\p{Cc}"<>\\^`{|}]/gu, encodeURIComponent) : '';
  },
};
const HOST: Spelling = { name: 'host', write: (value) => value.replaceAll(/[^\p{L}\p{N}.:-]/gu, '') };
const MAILBOX: Spelling = {
  name: 'mailbox',
  write: (value) => encodeURIComponent(value.toWellFormed()).replaceAll('%40', '@').replaceAll('%2B', '+'),
};
/** RFC 3986 §2.1: in a path, in a query and behind "#" everything is encoded that could mean something there. */
const PART: Spelling = { name: 'part', write: (value) => encodeURIComponent(value.toWellFormed()) };

/** How a value is written at a place; escaping for HTML comes on top of it. */
export function spellingAt(place: MailPlace): Spelling {
  if (place.kind !== 'address') return AS_IT_IS;
  const before = place.before.trimStart();
  if (before === '') return WHOLE;
  if (/^(?:mailto|tel|sms):[^?]*$/i.test(before)) return MAILBOX;
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#\uE000]*$/i.test(before) ? HOST : PART;
}
