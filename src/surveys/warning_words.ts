import type { SurveyDefinition } from './engine/definition.js';
import { warningsOf } from './engine/warnings.js';
import { brief } from './outline_room.js';
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
/** The others are counted only. */
const MOST = 300;
const LONGEST_NAME = 300;
const LONGEST = 1000;

/** @param page where the questions are shown: '' for the page itself */
export function warningsModel(definition: SurveyDefinition, say: Say, page = ''): WarningsModel | undefined {
  const all = warningLines(definition, say).map((line) => ({ ...line, href: line.href && `${page}${line.href}` }));
  const rest = all.slice(SHOWN + 1).length === 0 ? [] : all.slice(SHOWN, MOST);
  const others = all.length > SHOWN + 1 ? all.length - SHOWN : 0;
  return all.length === 0
    ? undefined
    : {
        title: say('warnings.title', { count: all.length }),
        lines: all.slice(0, all.length - others),
        rest,
        restText: say('outline.more', { count: others }),
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
      where: brief(place, LONGEST_NAME),
      href: question === undefined ? '' : `#question_${where}`,
      text: brief(say(`warnings.${code}`, named), LONGEST),
    };
  });
}
