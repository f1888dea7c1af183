import type { Piece } from '../../mailer/mailer.service.js';
import { MAIL_BOUNDS } from '../../platform/web/html/mail_bounds.js';
import { currentDate } from '../../engine/questions/dates.js';
import { contactField, parseTemplate, type Pipe } from '../../engine/piping.js';
import { escapeHtml } from '../../engine/text.js';
import type { InlineQuestion } from './inline_question.js';
import { inlineHtml, inlineText } from './inline_buttons.js';
import { HtmlPlaces, type MailPlace, type Spelling, spellingAt, TextPlaces, type PutIn } from './mail_places.js';

/** What one recipient brings for the placeholders of a mail. */
export interface MailFacts {
  contact: Record<string, string>;
  embedded: Record<string, unknown>;
  surveyUrl: string;
  optOutUrl: string;
  /** The picture that tells of opening; '' where there is none. */
  openUrl?: string;
  sentAt: Date;
  /** Of the words, not of the reader: dates are written in it. */
  language: string;
  /** Whose day it is. */
  timeZone?: string;
}

/** Works out a slot's text for one recipient. */
export type SlotValue = (facts: MailFacts) => string;

const DEFAULT_LABELS = { SurveyLink: 'Take the survey', OptOutLink: 'Unsubscribe' } as const;
type LinkName = keyof typeof DEFAULT_LABELS;

/**
 * The placeholders of a mail, parsed once for all recipients: `${m://FirstName}`, `${e://Field/X}`,
 * `${l://SurveyLink?d=Label}`, `${l://SurveyURL}`, `${l://OptOutLink?d=Label}`, `${l://OptOutURL}`, `${date://CurrentDate/…}`.
 * `${m://FirstName?d=friend}` says what stands where there is no value. `${iq://first}` is the survey's first question with
 * its choices as buttons. Unknown ones are empty and listed. What stands in an address is written as addresses are.
 */
export class MailPlaceholders {
  readonly slots: SlotValue[] = [];
  readonly unknown = new Set<string>();
  /** Embedded data that the mail asks for. */
  readonly fields = new Set<string>();
  /** Whether the mail asks for the survey's first question. */
  asksInline = false;
  /** Fields of contacts and embedded data that stay empty where somebody has none: nothing is said to stand there. */
  readonly bare = new Set<string>();
  private readonly known = new Map<string, number>();
  private dates = 0;

  constructor(private readonly inline?: InlineQuestion) {}

  /**
   * The pieces of a HTML text; values are escaped where they are put in.
   * @param surveyClass the class of the survey's link, where it is to look like a button
   */
  html(source: string, surveyClass = ''): Piece[] {
    return this.pieces(source, new HtmlPlaces(), {
      link: (name, label) => [
        surveyClass !== '' && name === 'SurveyLink' ? `<a class="${surveyClass}" href="` : `<a href="`,
        this.urlOf(name),
        `">${escapeHtml(label ?? DEFAULT_LABELS[name])}</a>`,
      ],
      inline: (question) => inlineHtml(question, this.urlOf('SurveyLink')),
    });
  }

  /** The pieces of a plain text that people read as a whole. */
  text(source: string): Piece[] {
    return this.pieces(source, new TextPlaces(), {
      link: (name, label) => [label === undefined ? '' : `${label}: `, this.urlOf(name)],
      inline: (question) => inlineText(question, this.urlOf('SurveyLink')),
    });
  }

  /** A plain text that stands in HTML, such as the preheader. */
  plainInHtml(source: string): Piece[] {
    return this.text(source).map((piece) => (typeof piece === 'string' ? escapeHtml(piece) : piece));
  }

  /** The address of the picture that tells of opening. */
  openUrl(): Piece {
    return this.slot('open', ({ openUrl }) => openUrl ?? '');
  }

  valuesOf(facts: MailFacts): string[] {
    return this.slots.map((slot) => slot(facts));
  }

  private pieces(source: string, places: HtmlPlaces | TextPlaces, written: Written): Piece[] {
    return parseTemplate(source).flatMap((part) => {
      if (typeof part === 'string') {
        places.read(part);
        return [part];
      }
      const place = places.here();
      places.pass(putInFor(part));
      return this.special(part, place, written) ?? this.filled(part, spellingAt(place));
    });
  }

  /** What is more than a value; in an attribute a link is its address. */
  private special(part: Pipe, place: MailPlace, written: Written): Piece[] | undefined {
    const asLink = linkIn(part);
    if (asLink !== undefined) {
      return place.kind === 'text' ? written.link(asLink.name, asLink.label) : [this.urlOf(asLink.name)];
    }
    if (isInline(part)) {
      this.asksInline = true;
      return this.inline === undefined || place.kind !== 'text' ? [] : written.inline(this.inline);
    }
    return undefined;
  }

  private filled(part: Pipe, { name, write }: Spelling): Piece[] {
    const key = `${part.written} ${name}`;
    const known = this.known.get(key);
    if (known !== undefined) {
      return [{ slot: known }];
    }
    const value = this.unknown.has(part.written) ? undefined : this.valueOf(part);
    if (value === undefined) {
      this.unknown.add(part.written);
      return [];
    }
    const { label = '' } = part;
    const isOurs = part.scheme === 'l';
    return [this.slot(key, isOurs ? value : (facts) => write(value(facts) || label))];
  }

  private urlOf(name: LinkName): Piece {
    return name === 'SurveyLink'
      ? this.slot('${l://SurveyURL}', (facts) => facts.surveyUrl)
      : this.slot('${l://OptOutURL}', (facts) => facts.optOutUrl);
  }

  private valueOf(pipe: Pipe): SlotValue | undefined {
    const { scheme, path } = pipe;
    switch (scheme) {
      case 'm':
        return this.contactValue(pipe);
      case 'e':
        return path[0] === 'Field' && path.length > 1 ? this.fieldValue(pipe) : undefined;
      case 'l':
        return addressValue(path[0] ?? '');
      case 'date':
        return this.isDate(path)
          ? ({ sentAt, language, timeZone }) => dateIn(path, sentAt.getTime(), language, timeZone)
          : undefined;
      default:
        return undefined;
    }
  }

  /** Each is written anew for each reader: of more than mails may have none is looked at. */
  private isDate(path: readonly string[]): boolean {
    this.dates += 1;
    return this.dates <= MAIL_BOUNDS.dates && currentDate(path, 0, 'en') !== undefined;
  }

  private contactValue({ path, label }: Pipe): SlotValue | undefined {
    const name = contactField(path[0] ?? '');
    if (name !== undefined && label === undefined) {
      this.bare.add(name);
    }
    return name === undefined ? undefined : ({ contact }) => contact[name] ?? '';
  }

  private fieldValue({ path, label }: Pipe): SlotValue {
    const name = path.slice(1).join('/');
    this.fields.add(name);
    if (label === undefined) {
      this.bare.add(`Field/${name}`);
    }
    return ({ embedded }) => (Object.hasOwn(embedded, name) ? textOf(embedded[name]) : '');
  }

  private slot(key: string, value: SlotValue): Piece {
    const known = this.known.get(key);
    if (known !== undefined) {
      return { slot: known };
    }
    this.known.set(key, this.slots.length);
    this.slots.push(value);
    return { slot: this.slots.length - 1 };
  }
}

/** How placeholders for more than a value are written. */
interface Written {
  link: (name: LinkName, label: string | undefined) => Piece[];
  inline: (question: InlineQuestion) => Piece[];
}

/** Whether a text asks for the survey's first question. */
export function holdsInlineQuestion(source: string): boolean {
  return /\$\{iq:\/\/first\}/i.test(source);
}

function isInline({ scheme, path }: Pipe): boolean {
  return scheme === 'iq' && path[0]?.toLowerCase() === 'first' && path.length === 1;
}

function putInFor(part: Pipe): PutIn {
  const kind = part.scheme === 'l' ? 'address' : 'value';
  return linkIn(part) === undefined ? kind : 'link';
}

function linkIn({ scheme, path, label }: Pipe): { name: LinkName; label: string | undefined } | undefined {
  const [name] = path.join('/').split('?');
  return scheme === 'l' && (name === 'SurveyLink' || name === 'OptOutLink') ? { name, label } : undefined;
}

/** In English where nobody knows how the language writes dates. */
function dateIn(path: readonly string[], instant: number, language: string, zone: string | undefined): string {
  return currentDate(path, instant, language || 'en', zone) ?? currentDate(path, instant, 'en', zone) ?? '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';
}

function addressValue(name: string): SlotValue | undefined {
  if (name === 'SurveyURL') {
    return ({ surveyUrl }) => surveyUrl;
  }
  return name === 'OptOutURL' ? ({ optOutUrl }) => optOutUrl : undefined;
}
