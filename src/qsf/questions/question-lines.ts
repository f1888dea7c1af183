import { plainText } from '../../engine/text.js';
import { reportCustom, settingsOf } from '../limits.js';
import { entriesOf, isOff, isOn, numberOf, record, recordsOf, textOf } from '../raw.js';
import type { Raw } from '../raw.js';
import type { Source } from '../source.js';

/** Keys of a question that are read, or that only serve editing and analysis in the other system. */
const KEYS =
  /^(?:QuestionText(?:_Unsafe)?|QuestionDescription|QuestionType|QuestionID|Selector|SubSelector|(?:Choice|Answer)Order|Choices|Answers|Validation|Language|DataExportTag|ChoiceDataExportTags|Configuration|RecodeValues|VariableNaming|DisplayLogic|InPageDisplayLogic|Randomization|AnswerRandomization|DefaultChoices|QuestionJS|Dynamic(?:Choices|Answers)|AdditionalQuestions|NumberOfQuestions|Next(?:Choice|Answer)Id|AnalyzeChoices|AnalysisType|Labels|ColumnLabels|ClarifyingSymbol\w*|Graphics|GraphicsDescription|ChoiceGroups|ChoiceGroupOrder|GradingData|SearchSource|DataVisibility|ExportTag\w*|QuestionLocked|AnalyzeData|QuestionNumber)$/;

/** Settings that say how a question looks; our pages lay themselves out. */
const LOOKS =
  /^(?:TextPosition|ChoiceColumnWidth\w*|RepeatHeaders|WhiteSpace|LabelPosition|MobileFirst|Input(?:Width|Height)|Autoscale|Stack\w*|ScaleHeaders|GridLines|ShowValue|StarType|AlternateRowShading|Align\w*|Colou?r\w*|Position\w*|Layout\w*|PopupOptions|MobileOptimi[sz]\w*)$/;

/** Settings that are read, or that change nothing. */
const CONFIGURATION =
  /^(?:QuestionDescriptionOption|VariableCount|CSSlider(?:Min|Max)|NumDecimals|StarCount|NotApplicable|SnapToGrid|CustomStart|SliderStartPositions|(?:Min|Max)Seconds|AllowFreeResponse)$/;

const CHOICE =
  /^(?:Display|Image|TextEntry\w*|Input(?:Width|Height)|ExclusiveAnswer|DisplayLogic|InPageDisplayLogic|Validation|Description|VariableName|ID|RecodeValue)$/;

const VALIDATIONS =
  /^(?:|None|CustomValidation|ContentType|MinChoices|MaxChoices|ChoiceRange|ExactChoices|NumChoices|ChoicesTotal|(?:Min|Total|Max)Char|Char(?:acter)?Range|MinMaxChoices)$/;

/** What of a question is not taken over, one line each. */
export function reportQuestion(qid: string, raw: Raw, source: Source): void {
  const { report } = source;
  reportValidation(qid, raw, source);
  reportSlider(qid, raw, source);
  const groups = recordsOf(raw['ChoiceGroups']).map(([, group]) => plainText(textOf(group['GroupLabel'])));
  if (groups.length > 0) {
    report.warn(qid, `Headings over groups of its choices were left out: "${groups.join('", "').slice(0, 200)}".`);
  }
  if (!isOff(raw['GradingData'])) report.data.note(qid, 'Points for its answers are not counted.');
  if (Object.keys(record(raw['SearchSource'])).some((key) => key !== 'AllowFreeResponse')) {
    report.warn(qid, 'Suggestions while people type are not offered; any text is taken.');
  }
  if (!isOff(raw['DynamicAnswers'])) {
    report.warn(qid, 'Columns carried over from another question are not; the ones in the file are shown.');
  }
  reportKeys(qid, raw, source);
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
  if (isOn(config['SnapToGrid'])) {
    source.report.data.warn(qid, 'Its sliders stop only at their grid lines; here at every number between the ends.');
  }
  const low = numberOf(config['CSSliderMin']) ?? 0;
  const starts = entriesOf(config['SliderStartPositions']).map(([, start]) => numberOf(start) ?? low);
  if (isOn(config['CustomStart']) && starts.some((start) => start !== low)) {
    source.report.look.note(
      qid,
      'Its sliders start at places of their own; here at the beginning, until they are moved.',
    );
  }
}

/** Keys that nobody here knows: a name in the report is better than silence. */
function reportKeys(qid: string, raw: Raw, source: Source): void {
  const config = setKeys(raw['Configuration']);
  const choices = [...recordsOf(raw['Choices']), ...recordsOf(raw['Answers'])].flatMap(([, one]) => setKeys(one));
  const isTable = textOf(raw['Selector']) === 'Profile';
  const unknown = [
    ...setKeys(raw).filter((key) => !KEYS.test(key)),
    ...config.filter((key) => !LOOKS.test(key) && !CONFIGURATION.test(key)),
    ...(isTable ? [] : choices.filter((key) => !CHOICE.test(key))),
  ];
  for (const key of new Set(unknown)) {
    source.report.note(qid, `Its setting "${key.slice(0, 60)}" is not known here and was left out.`);
  }
  if (config.some((key) => LOOKS.test(key) && !isUsual(key, record(raw['Configuration'])[key]))) {
    source.report.look.note(qid, 'Widths, places and repeated headings of its parts were left out.');
  }
}

function setKeys(value: unknown): string[] {
  return Object.entries(record(value)).flatMap(([key, one]) => (isOff(one) ? [] : [key]));
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
