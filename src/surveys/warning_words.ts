import type { SurveyDefinition } from './engine/definition.js';
import { warningsOf } from './engine/warnings.js';
import type { Say } from './logic_words.js';

/** What `warningsOf` found, as a sentence with its place. */
export interface WarningLine {
  where: string;
  /** Where the outline shows it; empty for the flow. */
  href: string;
  text: string;
}

export function warningLines(definition: SurveyDefinition, say: Say): WarningLine[] {
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
