import { reportCustom, settingsOf } from './limits.js';
import { isOff } from './option-lines.js';
import { entriesOf, isOn, numberOf, record, recordsOf, textOf } from './raw.js';
import type { Raw } from './raw.js';
import type { Source } from './source.js';

const VALIDATIONS =
  /^(?:|None|CustomValidation|ContentType|MinChoices|MaxChoices|ChoiceRange|ExactChoices|NumChoices|ChoicesTotal|(?:Min|Total|Max)Char|Char(?:acter)?Range|MinMaxChoices)$/;

/** What of a question is not taken over, one line each. */
export function reportQuestion(qid: string, raw: Raw, source: Source): void {
  reportValidation(qid, raw, source);
  reportSlider(qid, raw, source);
  reportLooks(qid, record(raw['Configuration']), source);
}

function reportValidation(qid: string, raw: Raw, source: Source): void {
  const columns = recordsOf(raw['AdditionalQuestions']).map(([key, column]) => [`${qid}#${key}`, column] as const);
  for (const [where, part] of [[qid, raw] as const, ...columns]) {
    const type = textOf(settingsOf(part)['Type']);
    if (type === 'CustomValidation') reportCustom(where, source);
    else if (!VALIDATIONS.test(type)) source.report.warn(where, `Its validation "${type}" is not checked here.`);
  }
}

function reportSlider(qid: string, raw: Raw, source: Source): void {
  const config = record(raw['Configuration']);
  if (textOf(raw['QuestionType']) !== 'Slider') return;
  const low = numberOf(config['CSSliderMin']) ?? 0;
  const starts = entriesOf(config['SliderStartPositions']).map(([, start]) => numberOf(start) ?? low);
  if (isOn(config['CustomStart']) && starts.some((start) => start !== low)) {
    source.report.look.note(
      qid,
      'Its sliders start at places of their own; here at the beginning, until they are moved.',
    );
  }
}

/** Settings that say how a question looks; our pages lay themselves out. */
const LOOKS =
  /^(?:TextPosition|ChoiceColumnWidth\w*|ColumnWidth|LabelWidth|NumColumns|RepeatHeaders|WhiteSpace|LabelPosition|Input(?:Width|Height)|Autoscale|Stack\w*|GridLines|ShowValue|StarType|PositionBottom)$/;

function reportLooks(qid: string, config: Raw, source: Source): void {
  const changed = Object.entries(config).some(
    ([key, value]) => LOOKS.test(key) && !isOff(value) && !isUsual(key, value),
  );
  if (changed) source.report.look.note(qid, 'Widths, places and repeated headings of its parts were left out.');
}

/** What the other system sets by itself. */
function isUsual(key: string, value: unknown): boolean {
  const usual = USUAL[key];
  return usual !== undefined && usual.test(textOf(value) || String(value));
}

const USUAL: Record<string, RegExp> = {
  TextPosition: /^inline$/i,
  ChoiceColumnWidth: /^25$/,
  MobileFirst: /^true$/,
  ShowValue: /^true$/,
  GridLines: /^10$/,
  LabelPosition: /^BELOW$/i,
  Autoscale: /^(?:true|\d+)$/,
};
