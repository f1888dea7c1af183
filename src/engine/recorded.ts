import { compiled } from './compile.js';
import type { Compiled } from './compile.js';
import type { DeclaredField, Ending, FlowNode, SurveyDefinition } from './definition.js';
import { listsOf, shownParts } from './questions/order.js';
import type { WalkState } from './page.js';
import { isEmpty, Path } from './path.js';
import type { Page } from './path.js';
import type { Answers, Question } from './questions/question.schema.js';
import { errorsOf } from './questions/validation.js';

export interface Recorded {
  /** Answers on the path by question id; of a question answered twice the later one. Empty answers are left out. */
  answers: Answers;
  embedded: Record<string, string>;
  /** Questions answered on pages that the path no longer meets. */
  offPath: string[];
  finished: boolean;
  progress: number;
}

/**
 * What to store as the response. Pages left by *back* still count as long as the path meets them and their answers are
 * valid where they stand now.
 */
export function recordedAnswers(definition: SurveyDefinition, state: WalkState): Recorded {
  const survey = compiled(definition);
  const isStanding = new Path(survey, state).walk();
  const path = walked(survey, state);
  const answers = answersOn(path);
  const stored = Object.values(state.given).flatMap((byQuestion) =>
    Object.entries(byQuestion).filter(([, answer]) => !isEmpty(answer)),
  );
  return {
    answers,
    embedded: {
      ...Object.fromEntries(path.facts.embedded),
      ...(isStanding.kind === 'end' ? flagOf(isStanding.ending) : {}),
    },
    offPath: [...new Set(stored.map(([id]) => id))].filter((id) => !Object.hasOwn(answers, id)),
    finished: isStanding.kind === 'end',
    progress: isStanding.kind === 'end' ? 100 : isStanding.page.progress,
  };
}

/** The field that tells analysts of an end that is no finish; no link may set it. */
const FLAG = 'Q_TerminateFlag';
const FLAG_WORDS = { screenedOut: 'Screened', quotaMet: 'QuotaMet' } as const;

function flagOf({ flags = [] }: Ending): Record<string, string> {
  return flags[0] === undefined ? {} : { [FLAG]: FLAG_WORDS[flags[0]] };
}

function walked(survey: Compiled, state: WalkState): Path {
  const path = new Path(survey, state, (page, at) => at.pages.length < state.passed || isGiven(page, at));
  path.walk();
  return path;
}

/** In which order chance put the choices or rows of a question, and its columns: ids of those that were shown. */
export interface ShownOrder {
  choices: readonly string[];
  columns: readonly string[];
}

/** What was shown of the questions on the path, by question; `isWished` leaves out those that nobody asks about. */
export function shownOrders(
  definition: SurveyDefinition,
  state: WalkState,
  isWished: (question: Question) => boolean,
): Record<string, ShownOrder> {
  const { facts } = walked(compiled(definition), state);
  const seen = [...facts.known.keys()].flatMap((id) => definition.questions[id] ?? []);
  const orders = seen.filter(isWished).map((question) => {
    const { choices, columns } = shownParts(question, facts, state);
    return [question.id, { choices: choices.map(({ id }) => id), columns: columns.map(({ id }) => id) }] as const;
  });
  return Object.fromEntries(orders);
}

/** Whether chance arranges something of a question. */
export function isArranged(question: Question): boolean {
  return listsOf(question).some(({ shuffle }) => shuffle !== undefined);
}

function isGiven(page: Page, path: Path): boolean {
  const given = path.state.given[page.place];
  return page.questions.every((question) => {
    const answer = given?.[question.id];
    return answer !== undefined && errorsOf(shownParts(question, path.facts, path.state), answer).length === 0;
  });
}

function answersOn(path: Path): Answers {
  const known = [...path.facts.known].filter(([, { answer }]) => !isEmpty(answer));
  return Object.fromEntries(known.map(([id, { answer }]) => [id, answer]));
}

/** Names of the embedded fields that the flow declares: the ones that a link's query may set. */
export function declaredFields(definition: SurveyDefinition): string[] {
  const open = fieldsIn(definition.flow).filter(({ value }) => value === undefined);
  return [...new Set(open.map(({ name }) => name))];
}

/** Of these, the ones that a link may set only with its survey's signature. */
export function fieldsToSign(definition: SurveyDefinition): ReadonlySet<string> {
  return new Set(fieldsIn(definition.flow).flatMap(({ name, signed }) => (signed === true ? [name] : [])));
}

function fieldsIn(flow: readonly FlowNode[]): DeclaredField[] {
  return flow.flatMap((node) =>
    node.kind === 'embedded' ? node.fields : 'children' in node ? fieldsIn(node.children) : [],
  );
}

const namesOf = new WeakMap<SurveyDefinition, ReadonlySet<string>>();

function endsIn(flow: readonly FlowNode[]): Ending[] {
  return flow.flatMap((node) =>
    node.kind === 'end' ? [node.ending] : 'children' in node ? endsIn(node.children) : [],
  );
}

/** Every embedded field that the flow names, in its order; at last the one of flagged ends, where it has any. */
export function embeddedNames(definition: SurveyDefinition): ReadonlySet<string> {
  const known = namesOf.get(definition) ?? new Set(namesIn(definition));
  namesOf.set(definition, known);
  return known;
}

function namesIn({ flow, ending }: SurveyDefinition): string[] {
  const hasFlags = [ending, ...endsIn(flow)].some(({ flags = [] }) => flags.length > 0);
  return [...fieldsIn(flow).map(({ name }) => name), ...(hasFlags ? [FLAG] : [])];
}
