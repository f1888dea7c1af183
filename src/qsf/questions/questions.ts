import type { Choice, Question, QuestionOf } from '../../engine/questions/question.schema.js';
import { plainText } from '../../engine/text.js';
import { choicesOf } from './choices.js';
import { columnLabels, labelled } from './column-labels.js';
import { withDefaults } from './defaults.js';
import { safeHtml } from '../html.js';
import { safeId } from '../ids.js';
import { contentKind, contentOf, countsOf, requiredOf, settingsOf } from '../limits.js';
import type { Core } from '../core.js';
import { shownWhen } from '../flow/logic.js';
import { matrix } from './matrix.js';
import { isProfile } from '../profile-rows.js';
import { profile } from '../profile.js';
import { reportQuestion } from './question-lines.js';
import { entriesOf, isOn, numberOf, record, recordsOf, textOf, wholeOf } from '../raw.js';
import { shuffleOf } from '../flow/randomization.js';
import type { Raw } from '../raw.js';
import { sideBySide } from './side-by-side.js';
import { reportUnseen } from '../unseen.js';
import { npsScores } from '../source.js';
import type { Source } from '../source.js';

type Make = (raw: Raw, core: Core, source: Source) => Question[];

const MAKE = new Map<string, Make>([
  [
    'MC',
    (raw, core, source) => [textOf(raw['Selector']) === 'NPS' ? nps(raw, core, source) : choice(raw, core, source)],
  ],
  ['TE', textEntry],
  ['Matrix', (raw, core, source) => (isProfile(raw) ? profile(raw, core, source) : [matrix(raw, core, source)])],
  ['SBS', sideBySide],
  ['Slider', (raw, core, source) => [slider(raw, core, source)]],
  ['CS', (raw, core, source) => [sum(raw, core, source)]],
  ['RO', (raw, core, source) => [rank(raw, core, source)]],
  ['DB', (_raw, core) => [{ ...core, type: 'description', required: 'none' }]],
]);

/** A question of the file as one or more of ours; nothing for those that only the other system could fill. */
export function questionsOf(qid: string, raw: Raw, source: Source): Question[] {
  const type = textOf(raw['QuestionType']);
  if (reportUnseen(type, qid, raw, source)) return [];
  const core = coreOf(qid, raw, source);
  reportLost(qid, raw, source);
  reportQuestion(qid, raw, source);
  const make = MAKE.get(type);
  if (make) return startingWith(make(raw, core, source), raw, source);
  source.report.warn(
    qid,
    `Questions of type "${type || 'none'}" can't be asked here; its text is kept.`,
    'Ask it another way.',
  );
  return [{ ...core, type: 'description', required: 'none' }];
}

/** Questions that became several have read their own defaults. */
function startingWith(questions: Question[], raw: Raw, source: Source): Question[] {
  const [first, ...others] = questions;
  return first && others.length === 0 ? [withDefaults(first, raw, source)] : questions;
}

function coreOf(qid: string, raw: Raw, source: Source): Core {
  const id = safeId(qid);
  const logic = shownWhen(raw, qid, source);
  return {
    id,
    exportTag: textOf(raw['DataExportTag']).trim() || qid,
    text: safeHtml(textOf(raw['QuestionText']), qid, source.report),
    required: requiredOf(raw),
    ...labelOf(raw),
    ...(logic ? { displayLogic: logic } : {}),
    ...(id === qid ? {} : { importId: qid }),
  };
}

/** A label counts only where the file says so: each question has one, mostly the start of its text. */
function labelOf(raw: Raw): Pick<Core, 'label'> {
  const label = plainText(textOf(raw['QuestionDescription']));
  const isOwn = textOf(record(raw['Configuration'])['QuestionDescriptionOption']) === 'SpecifyLabel';
  return isOwn && label !== '' ? { label } : {};
}

function reportLost(qid: string, raw: Raw, source: Source): void {
  const { report } = source;
  if (textOf(raw['Graphics']).trim() !== '') {
    report.warn(qid, 'Its graphic is in a library, not in the file; the text is kept.', 'Add the picture again.');
  }
  if (typeof raw['QuestionJS'] === 'string' && raw['QuestionJS'].trim() !== '') {
    const isHiding = /\bhide\w*\s*\(|display['"]?\s*[:=,]\s*['"]?none|visibility['"]?\s*[:=,]\s*['"]?hidden/i.test(
      raw['QuestionJS'],
    );
    const what = isHiding
      ? 'Its JavaScript was dropped; what that hides is shown here.'
      : 'Its JavaScript was dropped; surveys here run no foreign scripts.';
    report.warn(qid, what, 'Try the question in the preview.');
  }
  if (Object.keys(record(raw['DynamicChoices'])).length > 0) {
    const isEmpty = entriesOf(raw['Choices']).length === 0;
    const what = isEmpty
      ? 'All its choices are carried over from another question, which is not done here: it has none.'
      : 'Choices carried over from another question are not; the ones in the file are shown.';
    report.warn(qid, what, 'Check the choices.');
  }
}

function textEntry(raw: Raw, core: Core, source: Source): Question[] {
  const selector = textOf(raw['Selector']);
  if (selector === 'FORM') return [form(raw, core, source)];
  const subtype = selector === 'SL' ? 'single' : selector === 'PW' ? 'password' : 'essay';
  return [{ ...core, type: 'text', subtype, content: contentOf(raw, core.id, source) }];
}

function form(raw: Raw, core: Core, source: Source): Question {
  const fields = choicesOf(raw, 'Choices', core.id, source);
  const written = new Map(recordsOf(raw['Choices']).map(([id, field]) => [safeId(id), field]));
  const isPerField = [...written.values()].some((field) => isOn(field['TextEntryForceResponse']));
  const choices = fields.map(({ textEntry: _entry, textRequired: _required, ...field }): Choice => {
    const one = written.get(field.id) ?? {};
    const content = contentKind(textOf(one['TextEntryValidation']), record(settingsOf(one)));
    const required = isPerField ? { required: isOn(one['TextEntryForceResponse']) } : {};
    return { ...field, ...required, ...(content.kind === 'any' ? {} : { content }) };
  });
  const { rows } = shuffleOf(raw, core.id, source);
  const required = isPerField ? 'force' : core.required;
  return { ...core, type: 'form', choices, required, ...(rows ? { shuffle: rows } : {}) };
}

const CHOICES = new Map<string, QuestionOf<'choice'>['subtype']>([
  ['SAVR', 'single'],
  ['SAHR', 'single'],
  ['SACOL', 'single'],
  ['MAVR', 'multiple'],
  ['MAHR', 'multiple'],
  ['MACOL', 'multiple'],
  ['DL', 'dropdown'],
  ['SB', 'select'],
  ['MSB', 'multiselect'],
]);

function choice(raw: Raw, core: Core, source: Source): Question {
  const selector = textOf(raw['Selector']);
  const subtype = CHOICES.get(selector);
  if (!subtype) source.report.warn(core.id, `Its form "${selector}" is unknown; one choice can be picked.`);
  const { rows } = shuffleOf(raw, core.id, source);
  const choices = labelled(choicesOf(raw, 'Choices', core.id, source), columnLabels(raw, core.id, source));
  const isMany = subtype === 'multiple' || subtype === 'multiselect';
  return {
    ...core,
    type: 'choice',
    subtype: subtype ?? 'single',
    choices,
    ...(isMany ? countsOf(raw) : {}),
    ...(selector.endsWith('HR') ? { horizontal: true } : {}),
    ...(rows ? { shuffle: rows } : {}),
  };
}

/** Eleven choices are the scale of 0 to 10 even where words stand at its numbers. */
function reportScale(raw: Raw, core: Core, source: Source): void {
  const count = recordsOf(raw['Choices']).length;
  if (count === 0 || npsScores(raw).size === 11) return;
  if (count === 11) source.report.warn(core.id, 'Words at the numbers of its scale were left out; it is 0 to 10 here.');
  else source.report.warn(core.id, `Its scale has ${count} points in the file; here it is 0 to 10.`);
}

function nps(raw: Raw, core: Core, source: Source): Question {
  const labels = scaleLabels(raw['ColumnLabels'], core.id, source);
  reportScale(raw, core, source);
  const [low, high] = [labels[0], labels.at(-1)];
  return {
    ...core,
    type: 'nps',
    ...(low ? { lowLabel: low } : {}),
    ...(high && labels.length > 1 ? { highLabel: high } : {}),
  };
}

/** Words at a scale are plain; those of a table are not, they stand in its columns. */
function scaleLabels(written: unknown, where: string, source: Source): string[] {
  const labels = recordsOf(written).map(([, label]) => textOf(label['Display']));
  if (labels.some((label) => /<img\b/i.test(label))) {
    source.report.warn(where, 'A picture at its scale was left out.', 'Say in the text what the ends mean.');
  }
  return labels.map(plainText);
}

function partsOf(
  raw: Raw,
  core: Core,
  source: Source,
): { choices: Choice[]; shuffle?: NonNullable<QuestionOf<'sum'>['shuffle']> } {
  const { rows } = shuffleOf(raw, core.id, source);
  return { choices: choicesOf(raw, 'Choices', core.id, source), ...(rows ? { shuffle: rows } : {}) };
}

function slider(raw: Raw, core: Core, source: Source): Question {
  const config = record(raw['Configuration']);
  const isStars = textOf(raw['Selector']) === 'STAR';
  const low = numberOf(config['CSSliderMin']) ?? 0;
  const high = isStars ? (wholeOf(config['StarCount'], 1, 100) ?? 5) : (numberOf(config['CSSliderMax']) ?? 100);
  if (isOn(config['NotApplicable']))
    source.report.note(core.id, 'Its "not applicable" box was left out; rows may stay empty.');
  return {
    ...core,
    type: 'slider',
    ...partsOf(raw, core, source),
    ...(low < high ? { min: low, max: high } : { min: 0, max: 100 }),
    decimals: wholeOf(config['NumDecimals'], 0, 6) ?? 0,
    labels: scaleLabels(raw['Labels'], core.id, source),
  };
}

function sum(raw: Raw, core: Core, source: Source): Question {
  const settings = settingsOf(raw);
  const total = textOf(settings['Type']) === 'ChoicesTotal' ? numberOf(settings['ChoiceTotal']) : undefined;
  const unit = plainText(textOf(raw['ClarifyingSymbol']));
  return {
    ...core,
    type: 'sum',
    ...partsOf(raw, core, source),
    ...(total === undefined ? {} : { total }),
    decimals: decimalsOf(raw, total),
    ...(unit ? { unit } : {}),
  };
}

function decimalsOf(raw: Raw, total: number | undefined): number {
  const written = wholeOf(record(raw['Configuration'])['NumDecimals'], 0, 6);
  // A total that its parts can't reach would lock the respondent in.
  return Math.max(written ?? 0, total === undefined || Number.isInteger(total) ? 0 : 6);
}

function rank(raw: Raw, core: Core, source: Source): Question {
  return { ...core, type: 'rank', ...partsOf(raw, core, source) };
}
