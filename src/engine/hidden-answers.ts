import { compiled } from './compile.js';
import type { FlowNode, SurveyDefinition } from './definition.js';
import type { WalkState } from './page.js';
import { type Page, Path } from './path.js';
import { type PipeSource, sourcesIn } from './piping.js';

/** What of a walk its reader may not see: answers by their place in the flow and the id of their question. */
export interface HiddenAnswers {
  hides(place: string, questionId: string): boolean;
}

/** Stands where a hidden answer would in a text. */
export const HIDDEN = '…';

/**
 * Where the walk goes on for a reader to whom answers are hidden: pages that somebody else has answered and gone back to are passed,
 * because showing them would tell their answers and taking them would change those.
 */
export function resumed(
  definition: SurveyDefinition,
  state: WalkState,
  hiddenAnswers: HiddenAnswers | undefined,
): WalkState {
  if (hiddenAnswers === undefined) return state;
  const path = new Path(
    compiled(definition),
    state,
    (page, { pages }) => pages.length < state.passed || isGiven(page, state, hiddenAnswers),
  );
  return path.walk().kind === 'end' ? state : { ...state, passed: path.pages.length };
}

function isGiven({ place, questions }: Page, { given }: WalkState, hiddenAnswers: HiddenAnswers): boolean {
  const answers = given[place] ?? {};
  return (
    questions.every(({ id }) => Object.hasOwn(answers, id)) &&
    questions.some(({ id }) => hiddenAnswers.hides(place, id))
  );
}

/** Whether the page before the one where the walk stands may be shown to this reader. */
export function mayReturn(
  definition: SurveyDefinition,
  state: WalkState,
  hiddenAnswers: HiddenAnswers | undefined,
): boolean {
  if (hiddenAnswers === undefined) return true;
  const path = new Path(compiled(definition), state);
  path.walk();
  const before = path.pages.at(-1);
  return before !== undefined && before.questions.every(({ id }) => !hiddenAnswers.hides(before.place, id));
}

/** What the author says in any case: nothing in such a value comes from answers. */
const TELLS_NOTHING: ReadonlySet<string> = new Set(['m', 'date', 'rand']);

/** The fields that answers may have a part in: set where a condition holds, or to a text with placeholders for them. */
function tellingFields(nodes: readonly FlowNode[], isConditional = false): string[] {
  return nodes.flatMap((node): string[] => {
    if (node.kind === 'embedded') {
      return node.fields.flatMap(({ name, value = '' }) =>
        isConditional || sourcesIn(value).some(({ scheme }) => !TELLS_NOTHING.has(scheme)) ? [name] : [],
      );
    }
    return 'children' in node ? tellingFields(node.children, isConditional || 'when' in node) : [];
  });
}

/**
 * The same source without what is hidden: no hidden answer, and no field that has another value than it had before the
 * first page where answers may have changed it. What the author sets for everybody stays: addresses of redirects need it.
 * @param mark what stands in the text instead
 */
export function withoutHidden(
  path: Path,
  source: PipeSource,
  hiddenAnswers: HiddenAnswers | undefined,
  mark: string,
): PipeSource {
  if (hiddenAnswers === undefined) return source;
  const hidden = path.pages.flatMap(({ place, questions }) =>
    questions.filter(({ id }) => hiddenAnswers.hides(place, id)),
  );
  const beginning = new Path(path.survey, { ...path.state, passed: 0, given: {}, drafts: {} });
  beginning.walk();
  const telling = new Set(tellingFields(path.survey.definition.flow));
  const changed = [...path.facts.embedded].filter(
    ([name, value]) => telling.has(name) && beginning.facts.embedded.get(name) !== value,
  );
  return {
    ...source,
    concealed: { questions: new Set(hidden.map(({ id }) => id)), fields: new Set(changed.map(([name]) => name)), mark },
  };
}
