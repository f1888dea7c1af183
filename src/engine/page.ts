import type { OwnLanguage } from './direction.js';
import type { Answer, Question } from './questions/question.schema.js';

/** What is known about the respondent when the walk starts; strings only, absent when unknown. */
export interface Contact {
  FirstName?: string;
  LastName?: string;
  Email?: string;
  Phone?: string;
  ExternalDataReference?: string;
  Language?: string;
}

/**
 * Where a respondent is, as plain JSON. `given` holds what was submitted, `drafts` what was typed on a page that was left
 * by *back*; both by place in the flow and question id, so a block shown twice is answered twice.
 */
export interface WalkState {
  v: 1;
  /** By which rules chance arranges the walk; walks from before rule 2 are replayed without it. */
  rules?: 2;
  seed: number;
  /** Milliseconds since 1970; `${date://…}` shows this instant for the whole walk. */
  startedAt: number;
  language: string;
  embedded: Record<string, string>;
  contact: Contact;
  /** Names of the device, kept only where a test asks for it. */
  devices?: string[];
  /** What was drawn by counting, by its key; walks without it leave even choices to chance alone. */
  draws?: Record<string, string[]>;
  /** How many pages lie behind the respondent. */
  passed: number;
  given: Record<string, Record<string, Answer>>;
  drafts: Record<string, Record<string, Answer>>;
}

/** A form body as express parses it. */
export type Fields = Record<string, string | string[] | undefined>;

/** What is wrong with one field; the sentence comes from a language file by `code` and `params`. */
export interface FieldError {
  questionId: string;
  field: string;
  code: string;
  params: Record<string, string | number>;
}

/**
 * A choice, row or form field ready to draw. `html` is safe HTML, `label` the same as plain text. `own` is the language of
 * the label where the page is in another one; the HTML says it itself.
 */
export interface ChoiceView {
  id: string;
  /** DOM id of its input. */
  fieldId: string;
  /** Form field and the value it posts when chosen. */
  name: string;
  value: string;
  html: string;
  label: string;
  own?: OwnLanguage | undefined;
  checked: boolean;
  image?: { url: string; alt: string };
  exclusive?: boolean;
  /** The text field beside it, when it has one. */
  text?: InputView;
  /** Its own input: form fields, sliders, sums, ranks. */
  input?: InputView;
}

/** An `<input>` or `<textarea>`. */
export interface InputView {
  name: string;
  fieldId: string;
  type: 'text' | 'number' | 'email' | 'tel' | 'date' | 'url' | 'password' | 'textarea';
  value: string;
  required: boolean;
  label?: string;
  min?: number;
  max?: number;
  step?: string;
  maxLength?: number;
  inputMode?: 'numeric' | 'decimal' | 'email' | 'tel';
}

/** One line of a matrix: choices to pick (`cells`) or inputs to fill (`inputs`). */
export interface RowView {
  id: string;
  fieldId: string;
  name: string;
  html: string;
  label: string;
  own?: OwnLanguage | undefined;
  text?: InputView;
  cells: (ChoiceView & { columnId: string })[];
  inputs: InputView[];
}

interface ColumnView {
  id: string;
  html: string;
  label: string;
  own?: OwnLanguage | undefined;
}

/** Plain words at a scale. */
export interface LabelView {
  label: string;
  own?: OwnLanguage | undefined;
}

/** One question ready to draw. Lists that its type doesn't use are empty. */
export interface QuestionView {
  id: string;
  type: Question['type'];
  subtype: string;
  html: string;
  label: string;
  own?: OwnLanguage | undefined;
  /** The language of what is never translated: the unit, messages of patterns, descriptions of pictures. */
  written?: OwnLanguage | undefined;
  required: boolean;
  requested: boolean;
  /** DOM id of the first input, for the error summary's links. */
  fieldId: string;
  /** text */
  input?: InputView;
  /** choice, nps (0–10), form, slider, sum, rank */
  choices: ChoiceView[];
  multiple: boolean;
  horizontal: boolean;
  /** matrix */
  columns: ColumnView[];
  rows: RowView[];
  /** nps: under both ends; slider: along the track */
  labels: LabelView[];
  minChoices?: number;
  maxChoices?: number;
  /** sum */
  total?: number;
  unit?: string;
  sum?: number;
  errors: FieldError[];
}

export interface PageView {
  kind: 'page';
  /** Same page instance, same key: post it back in the hidden field `page`. */
  key: string;
  /** 1 for the first page shown. */
  number: number;
  progress: number;
  canGoBack: boolean;
  title: string;
  titleOwn?: OwnLanguage | undefined;
  questions: QuestionView[];
  header?: string;
  footer?: string;
  nextLabel?: string;
  backLabel?: string;
  errors: FieldError[];
  /** Questions whose missing answer was asked for once: post each back in a hidden field `asked`. */
  asked: string[];
  /** Placeholders that nobody knows; they were drawn empty. */
  unknownPipes: string[];
}

export interface EndView {
  kind: 'end';
  progress: 100;
  ending: 'default' | 'message' | 'redirect';
  message?: string;
  url?: string;
  flags: ('screenedOut' | 'quotaMet')[];
}

export type Submitted =
  | { kind: 'invalid'; errors: FieldError[]; entered: Fields; asked: string[] }
  | { kind: 'moved'; state: WalkState }
  | { kind: 'stale'; state: WalkState };
