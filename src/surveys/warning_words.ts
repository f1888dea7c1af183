import type { SurveyDefinition } from './engine/definition.js';
import { warningsOf } from './engine/warnings.js';
import type { Say } from '../platform/web/words.js';

/** What `warningsOf` found, as a sentence with its place. */
interface WarningLine {
  where: string;
  /** Where the outline shows it; empty for the flow. */
  href: string;
  text: string;
}

/** What `surveys/_warnings` shows. */
export interface WarningsModel {
  title: string;
  lines: WarningLine[];
  /** What a long list keeps folded up. */
  rest: WarningLine[];
  restText: string;
}

/** More than this many are folded up. */
const SHOWN = 6;

/** @param page where the questions are shown: '' for the page itself */
export function warningsModel(definition: SurveyDefinition, say: Say, page = ''): WarningsModel | undefined {
  const all = warningLines(definition, say).map((line) => ({ ...line, href: line.href && `${page}${line.href}` }));
  const rest = all.slice(SHOWN + 1).length === 0 ? [] : all.slice(SHOWN);
  return all.length === 0
    ? undefined
    : {
        title: say('warnings.title', { count: all.length }),
        lines: all.slice(0, all.length - rest.length),
        rest,
        restText: say('outline.more', { count: rest.length }),
      };
}

function warningLines(definition: SurveyDefinition, say: Say): WarningLine[] {
  return warningsOf(definition).map(({ code, where, params }) => {
    const question = definition.questions[where];
    const block = definition.blocks[where];
    const place = question?.exportTag ?? block?.name ?? say('warnings.flow');
    const { question: asked } = params;
    const named =
      asked === undefined ? params : { ...params, question: definition.questions[asked]?.exportTag ?? asked };
    return {
      where: place,
      href: question === undefined ? '' : `#question_${where}`,
      text: say(`warnings.${code}`, named),
    };
  });
}
