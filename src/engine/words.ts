import type { Compiled } from './compile.js';
import type { QuestionWords } from './definition.js';
import { PageSize } from './page-size.js';
import { fill } from './piping.js';
import type { PipeSource } from './piping.js';
import { ownLanguage, type OwnLanguage } from './direction.js';
import { escapeHtml, plainText } from './text.js';

export interface Worded {
  /** Says its own language where it has one. */
  html: string;
  label: string;
  own?: OwnLanguage | undefined;
}

const withoutPipes = new WeakMap<Compiled, Map<string, Worded>>();

/** The texts of a page in the respondent's language, with answers and names piped in. */
export class Words {
  /** What the page takes so far. */
  readonly size = new PageSize();
  /** The language of what is not translated, where the page is in another one. */
  readonly own: OwnLanguage | undefined;
  private readonly unchanging: Map<string, Worded>;
  private readonly translated: Record<string, QuestionWords>;

  constructor(
    private readonly survey: Compiled,
    private readonly source: PipeSource,
  ) {
    this.unchanging = withoutPipes.get(survey) ?? new Map();
    withoutPipes.set(survey, this.unchanging);
    const { language, translations } = survey.definition;
    this.own = ownLanguage(language, source.language);
    const translation = Object.hasOwn(translations, source.language) ? translations[source.language] : undefined;
    this.translated = translation?.questions ?? {};
  }

  get language(): string {
    return this.source.language;
  }

  /** What is translated of a question. */
  ofQuestion(id: string): QuestionWords {
    return Object.hasOwn(this.translated, id) ? this.translated[id]! : {};
  }

  /** A text that is not translated says its own language and direction on a page in another one. */
  untranslated(text: string): Worded {
    const worded = this.of(text);
    const { own } = this;
    if (own === undefined || worded.html.trim() === '') return worded;
    const html = `<span lang="${escapeHtml(own.lang)}" dir="${own.dir}">${worded.html}</span>`;
    return { html, label: worded.label, own };
  }

  of(text: string): Worded {
    const known = this.unchanging.get(text) ?? this.filled(text);
    this.size.html(known.html);
    return known;
  }

  private filled(text: string): Worded {
    const template = this.survey.template(text);
    const html = fill(template, this.source, 'html');
    const worded = { html, label: plainText(html) };
    if (template.every((part) => typeof part === 'string')) this.unchanging.set(text, worded);
    return worded;
  }
}
