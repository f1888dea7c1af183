import { fieldsOf, posted, readEntry } from './questions/answers.js';
import { compiled } from './compile.js';
import { leastShown } from './draws/draws.js';
import type { Due } from './draws/draws.js';
import type { Device } from './devices.js';
import { namesOfDevice } from './devices.js';
import type { SurveyDefinition } from './definition.js';
import { shownParts } from './questions/order.js';
import type { Shown } from './questions/order.js';
import type { Contact, EndView, FieldError, Fields, PageView, Submitted, WalkState } from './page.js';
import { Path } from './path.js';
import type { Page, Stop } from './path.js';
import { fill } from './piping.js';
import type { PipeSource } from './piping.js';
import { questionView } from './questions/question-view.js';
import type { Answer, Answers, Question } from './questions/question.schema.js';
import { leadsToWrittenHost } from './redirects.js';
import { errorsOf, isRequestOpen } from './questions/validation.js';
import { type HiddenAnswers, HIDDEN, withoutHidden } from './hidden-answers.js';
import { Words } from './words.js';

export interface Start {
  /** Any whole number; the same one gives the same walk. */
  seed: number;
  /** Milliseconds since 1970. */
  now: number;
  language?: string;
  embedded?: Record<string, string>;
  contact?: Contact;
  device?: Device;
  /** Whether even choices are drawn by counting (`dueDraw`); without it by chance alone, as for previews. */
  isCounted?: boolean;
}

export function startWalk(definition: SurveyDefinition, start: Start): WalkState {
  return {
    v: 1,
    rules: 2,
    seed: start.seed >>> 0,
    startedAt: start.now,
    language: start.language ?? definition.language,
    embedded: start.embedded ?? {},
    contact: start.contact ?? {},
    ...(start.device && compiled(definition).asksDevice ? { devices: namesOfDevice(start.device) } : {}),
    ...(start.isCounted && compiled(definition).isEven ? { draws: {} } : {}),
    passed: 0,
    given: {},
    drafts: {},
  };
}

export interface Drawn {
  /** What the respondent posted, after a refusal. */
  entered?: Fields;
  errors?: FieldError[];
  asked?: string[];
  /** Safe HTML for `${l://name?d=label}`. */
  link?: PipeSource['link'];
  /** What the reader may not see of the walk. */
  hiddenAnswers?: HiddenAnswers | undefined;
}

/** The next even choice that must be drawn before the walk can be shown where it stands. */
export function dueDraw(definition: SurveyDefinition, state: WalkState): Due | undefined {
  if (state.draws === undefined) return undefined;
  const path = new Path(compiled(definition), state);
  path.walk();
  return path.due;
}

/** The walk with a draw made by what was shown how often before. */
export function withDraw(state: WalkState, due: Due, counts: Readonly<Record<string, number>>): WalkState {
  return { ...state, draws: { ...state.draws, [due.key]: leastShown(due, counts, state.seed) } };
}

/** The page or the end at which the walk stands. */
export function pageOf(definition: SurveyDefinition, state: WalkState, drawn: Drawn = {}): PageView | EndView {
  const path = new Path(compiled(definition), state);
  const stop = path.walk();
  return stop.kind === 'end' ? endView(path, stop, drawn) : pageView(path, stop.page, drawn);
}

function pageView(path: Path, page: Page, drawn: Drawn): PageView {
  const { definition } = path.survey;
  const source = withoutHidden(path, path.source(drawn.link), drawn.hiddenAnswers, HIDDEN);
  // What is hidden would be taken for an answer where it stands in a default.
  const silent = { ...path.source(), ...(source.concealed ? { concealed: { ...source.concealed, mark: '' } } : {}) };
  const stored = (question: Question): Answer | undefined =>
    drawn.hiddenAnswers?.hides(page.place, question.id) ? undefined : storedAt(path, page, question);
  const words = new Words(path.survey, source);
  const errors = drawn.errors ?? [];
  const questions = page.questions.map((question) => {
    const answer = stored(question) ?? (question.defaults ? filledIn(question.defaults, path, silent) : {});
    const values = drawn.entered ?? fieldsOf(question, answer, path.state.language);
    return questionView(shownParts(question, path.facts, path.state), words, values, errors);
  });
  const { header, footer, nextLabel, backLabel } = definition.options;
  return {
    kind: 'page',
    key: page.key,
    number: path.pages.length + 1,
    progress: page.progress,
    canGoBack: canGoBack(path),
    ...titleIn(definition, words),
    questions,
    ...(header ? { header: words.untranslated(header).html } : {}),
    ...(footer ? { footer: words.untranslated(footer).html } : {}),
    ...(nextLabel ? { nextLabel } : {}),
    ...(backLabel ? { backLabel } : {}),
    errors,
    asked: drawn.asked ?? [],
    unknownPipes: [...source.unknown],
  };
}

function titleIn({ translations, title }: SurveyDefinition, words: Words): Pick<PageView, 'title' | 'titleOwn'> {
  const { language, own } = words;
  const translated = Object.hasOwn(translations, language) ? translations[language]?.title : undefined;
  return translated === undefined ? { title, titleOwn: own } : { title: translated };
}

/** Typed before going back, else submitted before. */
function storedAt({ state: { drafts, given } }: Path, { place }: Page, { id }: Question): Answer | undefined {
  return drafts[place]?.[id] ?? given[place]?.[id];
}

/** A default answer may name what is known already. */
function filledIn(defaults: Answer, path: Path, source: PipeSource): Answer {
  const filled = (text: string): string => fill(path.survey.template(text), source, 'text');
  const texts = Object.entries(defaults.texts ?? {}).map(([id, text]) => [id, filled(text)] as const);
  return {
    ...defaults,
    ...(defaults.text === undefined ? {} : { text: filled(defaults.text) }),
    ...(defaults.texts ? { texts: Object.fromEntries(texts) } : {}),
  };
}

function endView(path: Path, stop: Extract<Stop, { kind: 'end' }>, drawn: Drawn): EndView {
  const { ending } = stop;
  const sourceWith = (mark: string): PipeSource =>
    withoutHidden(path, path.source(drawn.link), drawn.hiddenAnswers, mark);
  const message =
    ending.message === undefined
      ? undefined
      : new Words(path.survey, sourceWith(HIDDEN)).untranslated(ending.message).html;
  const url = ending.url === undefined ? undefined : redirectUrl(ending.url, path, sourceWith(''));
  return {
    kind: 'end',
    progress: 100,
    ending: ending.kind === 'redirect' && url === undefined ? 'default' : ending.kind,
    ...(message === undefined ? {} : { message }),
    ...(url === undefined ? {} : { url }),
    flags: ending.flags ?? [],
  };
}

/**
 * The address with values piped in, each escaped as a part of an address; only http and https, and only to the host
 * that the author wrote: a value may have come with the link.
 */
function redirectUrl(written: string, path: Path, source: PipeSource): string | undefined {
  if (!leadsToWrittenHost(written)) return undefined;
  const parts = path.survey.template(written);
  const url = parts
    .map((part) => (typeof part === 'string' ? part : encodeURIComponent(fill([part], source, 'text'))))
    .join('');
  return URL.canParse(url) ? url : undefined;
}

function canGoBack(path: Path): boolean {
  return path.survey.definition.options.backButton && path.state.passed > 0;
}

/** Takes a posted page: refused with errors, stored and moved on, or not the page where the walk stands. */
export function submitPage(definition: SurveyDefinition, state: WalkState, pageKey: string, fields: Fields): Submitted {
  const path = new Path(compiled(definition), state);
  const stop = path.walk();
  if (stop.kind === 'end' || stop.page.key !== pageKey) return { kind: 'stale', state };
  const { page } = stop;
  const entries = page.questions.map((question) => {
    const shown = shownParts(question, path.facts, state);
    return { shown, ...readEntry(shown, fields, state.language) };
  });
  const open = entries
    .filter(({ shown, answer }) => isRequestOpen(shown, answer))
    .map(({ shown }) => shown.question.id);
  const asked = posted(fields, 'asked');
  const errors = entries.flatMap(({ shown, answer, errors: unread }) => [
    ...oncePerField([...unread, ...errorsOf(shown, answer)]),
    ...requestsOf(
      shown,
      open.filter((id) => !asked.includes(id)),
    ),
  ]);
  if (errors.length > 0) return { kind: 'invalid', errors, entered: fields, asked: open };
  const answers = Object.fromEntries(entries.map(({ shown, answer }) => [shown.question.id, answer]));
  return { kind: 'moved', state: moved(state, page, answers) };
}

function requestsOf({ question }: Shown, open: readonly string[]): FieldError[] {
  return open.includes(question.id)
    ? [{ questionId: question.id, field: question.id, code: 'requested', params: {} }]
    : [];
}

function oncePerField(errors: FieldError[]): FieldError[] {
  const seen = new Set<string>();
  return errors.filter(({ field }) => !seen.has(field) && seen.add(field));
}

function moved(state: WalkState, page: Page, answers: Answers): WalkState {
  const given = { ...state.given, [page.place]: { ...state.given[page.place], ...answers } };
  return { ...state, passed: state.passed + 1, given, drafts: withoutDrafts(state.drafts, page) };
}

/** What was typed on this page is answered now; drafts of the block's other pages stay. */
function withoutDrafts(drafts: WalkState['drafts'], page: Page): WalkState['drafts'] {
  const typed = drafts[page.place];
  if (!typed) return drafts;
  const answered = page.questions.map((question) => question.id);
  const left = Object.entries(typed).filter(([id]) => !answered.includes(id));
  const others = Object.entries(drafts).filter(([place]) => place !== page.place);
  return Object.fromEntries(left.length > 0 ? [...others, [page.place, Object.fromEntries(left)]] : others);
}

/** The walk with something typed on the page where it stands, as `goBack` keeps it: drawn, but not given. */
export function withTyped(
  definition: SurveyDefinition,
  state: WalkState,
  questionId: string,
  fields: Fields,
): WalkState {
  const path = new Path(compiled(definition), state);
  const stop = path.walk();
  const question = stop.kind === 'page' ? stop.page.questions.find(({ id }) => id === questionId) : undefined;
  if (stop.kind === 'end' || question === undefined) return state;
  const { answer } = readEntry(shownParts(question, path.facts, state), fields, state.language);
  const { place } = stop.page;
  return { ...state, drafts: { ...state.drafts, [place]: { ...state.drafts[place], [questionId]: answer } } };
}

/** One page back, where the survey allows it; what was typed is kept for when the respondent returns. */
export function goBack(definition: SurveyDefinition, state: WalkState, fields?: Fields): WalkState {
  const path = new Path(compiled(definition), state);
  const stop = path.walk();
  if (stop.kind === 'end' || !canGoBack(path)) return state;
  const back = { ...state, passed: state.passed - 1 };
  if (!fields) return back;
  const typed = stop.page.questions.map((question) => {
    const { answer } = readEntry(shownParts(question, path.facts, state), fields, state.language);
    return [question.id, answer] as const;
  });
  const { place } = stop.page;
  return { ...back, drafts: { ...state.drafts, [place]: { ...state.drafts[place], ...Object.fromEntries(typed) } } };
}
