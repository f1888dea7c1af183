import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Invalid } from '../../src/platform/errors.js';
import { importQsf } from '../../src/qsf/import-qsf.js';
import type { ImportedSurvey } from '../../src/qsf/import-qsf.js';
import { answerAll } from '../surveys/answering.js';
import { smallFile } from './files.js';

const folder = join(import.meta.dirname, '../data/qsf');
const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));

/** Importing either gives a survey or refuses; nothing else may happen. */
function imported(text: string): ImportedSurvey | undefined {
  try {
    return importQsf(text);
  } catch (error) {
    if (error instanceof Invalid) return undefined;
    throw error;
  }
}

type Box = Record<string, unknown>;

/** Every place in a JSON value that holds something. */
function places(value: unknown, found: [Box, string][] = []): [Box, string][] {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push([value as Box, key]);
    places((value as Box)[key], found);
  }
  return found;
}

const EXPRESSION = {
  Type: 'Expression',
  LogicType: 'Question',
  LeftOperand: 'q://QID1/SelectableChoice/constructor',
  Operator: 'Selected',
};
const TEXTS = [
  '',
  'x',
  '1',
  '__proto__',
  'constructor',
  '${q://QID1/ChoiceTextEntryValue}',
  '<script>x</script>',
  '\0\uD800',
];
const IDS = ['QID2', 'BL_a', 'Branch', 'SBS', '9'.repeat(400)];
const VALUES = [null, true, false, 0, -1, 1e21, [], {}, [[]], [null], { '0': { '0': {} } }, EXPRESSION];
const NOISE: readonly unknown[] = TEXTS.concat(IDS)
  .map((text): unknown => text)
  .concat(VALUES);

const edit = fc.tuple(fc.nat(), fc.constantFrom('drop', 'noise', 'copy', 'wrap'), fc.nat(), fc.nat());

/** Changes a file in place: drops, replaces, copies from elsewhere, turns lists into objects. */
function change(file: unknown, edits: readonly [number, string, number, number][]): void {
  for (const [where, how, what, other] of edits) {
    const all = places(file);
    if (all.length === 0) return;
    const [box, key] = all[where % all.length]!;
    const [source, sourceKey] = all[other % all.length]!;
    if (how === 'drop') delete box[key];
    else if (how === 'noise') box[key] = structuredClone(NOISE[what % NOISE.length]);
    else if (how === 'copy') box[key] = structuredClone(source[sourceKey]);
    else box[key] = { [String(what % 5)]: box[key] };
  }
}

it('a damaged file is imported or refused, and what is imported can be answered to its end', () => {
  fc.assert(
    fc.property(fc.nat(files.length - 1), fc.array(edit, { minLength: 1, maxLength: 12 }), (index, edits) => {
      const file: unknown = JSON.parse(files[index]!);
      change(file, edits);
      const survey = imported(JSON.stringify(file));
      if (survey) expect(answerAll(survey.definition, edits[0]![0]).end.kind).toBe('end');
    }),
    { numRuns: 300 },
  );
});

it('a cut or scrambled text is refused', () => {
  fc.assert(
    fc.property(fc.nat(files.length - 1), fc.double({ min: 0, max: 0.999, noNaN: true }), (index, share) => {
      const text = files[index]!;
      expect(imported(text.slice(0, Math.floor(text.length * share)))).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});

it('any JSON at all is imported or refused', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      imported(JSON.stringify(one));
      imported(JSON.stringify({ SurveyEntry: { SurveyName: one }, SurveyElements: other }));
      imported(
        JSON.stringify({
          SurveyEntry: {},
          SurveyElements: [
            { Element: 'SQ', Payload: one },
            { Element: 'FL', Payload: other },
          ],
        }),
      );
    }),
    { numRuns: 200 },
  );
});

it.each(['<img src="', '<iframe ', '<!--', '<p style="', '<picture>', ' style='])(
  'a text of nothing but %s is read in one pass, not once from each of them',
  (piece) => {
    const start = performance.now();
    imported(smallFile({ questions: { QID1: { QuestionType: 'DB', QuestionText: `<p${piece.repeat(50_000)}<b>` } } }));
    // Tens of milliseconds; from each piece to the end of the text it would be minutes.
    expect(performance.now() - start).toBeLessThan(20_000);
  },
);
