import type { Compiled } from './compile.js';
import type { QuestionWords } from './definition.js';
import { fill } from './piping.js';
import type { PipeSource } from './piping.js';
import { plainText } from './text.js';

export interface Worded {
  html: string;
  label: string;
}

const withoutPipes = new WeakMap<Compiled, Map<string, Worded>>();

/** The texts of a page in the respondent's language, with answers and names piped in. */
export class Words {
  private readonly unchanging: Map<string, Worded>;
  private readonly translated: Record<string, QuestionWords>;

  constructor(
    private readonly survey: Compiled,
    private readonly source: PipeSource,
  ) {
    this.unchanging = withoutPipes.get(survey) ?? new Map();
    withoutPipes.set(survey, this.unchanging);
    const { translations } = survey.definition;
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

  of(text: string): Worded {
    const known = this.unchanging.get(text);
    if (known) return known;
    const template = this.survey.template(text);
    const html = fill(template, this.source, 'html');
    const worded = { html, label: plainText(html) };
    if (template.every((part) => typeof part === 'string')) this.unchanging.set(text, worded);
    return worded;
  }
}
