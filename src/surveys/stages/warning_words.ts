import type { SurveyDefinition } from '../../engine/definition.js';
import { type Warning, warningsOf } from '../../engine/warnings.js';
import { brief } from '../outline/outline_room.js';
import type { Say } from '../../platform/web/words.js';

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

/** @param urlOf where a question is shown */
export function warningsModel(
  definition: SurveyDefinition,
  say: Say,
  urlOf: (questionId: string) => string,
): WarningsModel | undefined {
  const all = warningsOf(definition);
  const others = all.length > SHOWN + 1 ? all.length - SHOWN : 0;
  const lines = all.slice(0, MOST).map((warning) => warningLine(warning, definition, say, urlOf));
  return all.length === 0
    ? undefined
    : {
        title: say('warnings.title', { count: all.length }),
        lines: lines.slice(0, all.length - others),
        rest: others > 0 ? lines.slice(SHOWN) : [],
        restText: say('outline.more', { count: others }),
      };
}

function warningLine(
  { code, where, params }: Warning,
  { questions, blocks }: SurveyDefinition,
  say: Say,
  urlOf: (questionId: string) => string,
): WarningLine {
  const question = questions[where];
  const place = question?.exportTag ?? blocks[where]?.name ?? say('warnings.flow');
  const { question: asked } = params;
  const named = asked === undefined ? params : { ...params, question: questions[asked]?.exportTag ?? asked };
  return {
    where: brief(place, LONGEST_NAME),
    href: question === undefined ? '' : urlOf(where),
    text: brief(say(`warnings.${code}`, named), LONGEST),
  };
}
