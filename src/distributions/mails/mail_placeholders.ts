import type { Piece } from '../../mailer/mailer.service.js';
import { MAIL_BOUNDS } from '../../platform/web/mail_bounds.js';
import { currentDate } from '../../surveys/engine/dates.js';
import { contactField, parseTemplate, type Pipe } from '../../surveys/engine/piping.js';
import { escapeHtml, plainText } from '../../surveys/engine/text.js';
import type { InlineQuestion } from './inline_question.js';
import { inlineHtml, inlineText } from './inline_buttons.js';

/** What one recipient brings for the placeholders of a mail. */
export interface MailFacts {
  contact: Record<string, string>;
  embedded: Record<string, unknown>;
  surveyUrl: string;
  optOutUrl: string;
  /** The picture that tells of opening; '' where there is none. */
  openUrl?: string;
  sentAt: Date;
  language: string;
}

/** Works out a slot's text for one recipient. */
export type SlotValue = (facts: MailFacts) => string;

const DEFAULT_LABELS = { SurveyLink: 'Take the survey', OptOutLink: 'Unsubscribe' } as const;
type LinkName = keyof typeof DEFAULT_LABELS;

/**
 * The placeholders of a mail, parsed once for all recipients: `${m://FirstName}`, `${e://Field/X}`,
 * `${l://SurveyLink?d=Label}`, `${l://SurveyURL}`, `${l://OptOutLink?d=Label}`, `${l://OptOutURL}`, `${date://CurrentDate/…}`.
 * `${iq://first}` is the survey's first question with its choices as buttons. Unknown ones are empty and listed.
 */
export class MailPlaceholders {
  readonly slots: SlotValue[] = [];
  readonly unknown = new Set<string>();
  /** Embedded data that the mail asks for. */
  readonly fields = new Set<string>();
  /** Whether the mail asks for the survey's first question. */
  asksInline = false;
  private readonly known = new Map<string, number>();
  private dates = 0;

  constructor(private readonly inline?: InlineQuestion) {}

  /**
   * The pieces of a HTML text; values are escaped where they are put in.
   * @param surveyClass the class of the survey's link, where it is to look like a button
   */
  html(source: string, surveyClass = ''): Piece[] {
    return this.pieces(source, {
      link: (name, label) => [
        surveyClass !== '' && name === 'SurveyLink' ? `<a class="${surveyClass}" href="` : `<a href="`,
        this.urlOf(name),
        `">${escapeHtml(label ?? DEFAULT_LABELS[name])}</a>`,
      ],
      inline: (question) => inlineHtml(question, this.urlOf('SurveyLink')),
    });
  }

  /** The pieces of a plain text, such as the subject. */
  text(source: string): Piece[] {
    return this.pieces(source, {
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

  private pieces(source: string, written: Written): Piece[] {
    return parseTemplate(source).flatMap((part) => {
      if (typeof part === 'string') {
        return [part];
      }
      const asLink = linkIn(part);
      if (asLink !== undefined) {
        return written.link(asLink.name, asLink.label);
      }
      if (isInline(part)) {
        this.asksInline = true;
        return this.inline === undefined ? [] : written.inline(this.inline);
      }
      const known = this.known.get(part.written);
      if (known !== undefined) {
        return [{ slot: known }];
      }
      const value = this.unknown.has(part.written) ? undefined : this.valueOf(part);
      if (value === undefined) {
        this.unknown.add(part.written);
        return [];
      }
      return [this.slot(part.written, value)];
    });
  }

  private urlOf(name: LinkName): Piece {
    return name === 'SurveyLink'
      ? this.slot('${l://SurveyURL}', (facts) => facts.surveyUrl)
      : this.slot('${l://OptOutURL}', (facts) => facts.optOutUrl);
  }

  private valueOf({ scheme, path }: Pipe): SlotValue | undefined {
    switch (scheme) {
      case 'm':
        return contactValue(path[0] ?? '');
      case 'e':
        return path[0] === 'Field' && path.length > 1 ? this.fieldValue(path.slice(1).join('/')) : undefined;
      case 'l':
        return addressValue(path[0] ?? '');
      case 'date':
        return this.isDate(path)
          ? ({ sentAt, language }) => currentDate(path, sentAt.getTime(), language || 'en') ?? ''
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

  private fieldValue(name: string): SlotValue {
    this.fields.add(name);
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

/** Whether a text holds the survey's link, in one of its forms. */
export function holdsSurveyLink(source: string): boolean {
  return /\$\{(l:\/\/Survey(Link|URL)\b|iq:\/\/first\})/i.test(source);
}

/** Whether a text asks for the survey's first question. */
export function holdsInlineQuestion(source: string): boolean {
  return /\$\{iq:\/\/first\}/i.test(source);
}

function isInline({ scheme, path }: Pipe): boolean {
  return scheme === 'iq' && path[0]?.toLowerCase() === 'first' && path.length === 1;
}

export function holdsOptOutLink(source: string): boolean {
  return /\$\{l:\/\/OptOut(Link|URL)\b/i.test(source);
}

function linkIn({ scheme, path }: Pipe): { name: LinkName; label: string | undefined } | undefined {
  const [name, query] = path.join('/').split('?', 2);
  if (scheme !== 'l' || (name !== 'SurveyLink' && name !== 'OptOutLink')) {
    return undefined;
  }
  const label = /(?:^|&)d=([^&]*)/.exec(query ?? '')?.[1];
  return { name, label: label === undefined || label === '' ? undefined : plainText(label) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';
}

function contactValue(written: string): SlotValue | undefined {
  const name = contactField(written);
  return name === undefined ? undefined : ({ contact }) => contact[name] ?? '';
}

function addressValue(name: string): SlotValue | undefined {
  if (name === 'SurveyURL') {
    return ({ surveyUrl }) => surveyUrl;
  }
  return name === 'OptOutURL' ? ({ optOutUrl }) => optOutUrl : undefined;
}
