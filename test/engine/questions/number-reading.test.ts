import fc from 'fast-check';
import { compareNumbers, plainOf } from '../../../src/engine/questions/numbers.js';
import { readNumber, showNumber, writeNumber } from '../../../src/engine/questions/number-reading.js';
import type { Fields } from '../../../src/engine/page.js';
import type { Content, Question } from '../../../src/engine/questions/question.schema.js';
import { goBack, pageOf, startWalk, submitPage } from '../../../src/engine/walk.js';
import { UI_LANGUAGES } from '../../../src/platform/web/phrases.js';
import { aSurveyOf } from '../../surveys/answering.js';

/** What pages are offered in, and languages whose digits, marks or groups are others. */
const LANGUAGES = [
  ...UI_LANGUAGES,
  'ar-EG',
  'ar-MA',
  'fa',
  'hi',
  'bn',
  'mr',
  'ne',
  'my',
  'ckb',
  'de-CH',
  'de-AT',
  'sv',
  'he',
  'pt-PT',
  'es-MX',
  'zz',
];

const read = (typed: string, language: string, decimals?: number): string => {
  const reading = readNumber(typed, language, decimals);
  if (reading.kind === 'ambiguous') return `${reading.one} or ${reading.other}`;
  return reading.kind === 'number' ? reading.plain : reading.kind;
};

describe('a typed number', () => {
  it.each<[string, string, string, number?]>([
    ['12,000', 'en', '12000'],
    ['12,000', 'en', '12000', 0],
    ['12.000', 'de', '12000'],
    ['12,5', 'de', '12.5'],
    ['12.5', 'de', '12.5'],
    ['12,5', 'en', '12.5'],
    ['12,000.5', 'de', '12000.5'],
    ['12.000,5', 'en', '12000.5'],
    ['1.234.567', 'en', '1234567'],
    ['12,34,567', 'hi', '1234567'],
    ['1 234,5', 'fr', '1234.5'],
    ['1\u202f234,5', 'fr', '1234.5'],
    ['1\u00a0234', 'pl', '1234'],
    ["12'000.50", 'de-CH', '12000.50'],
    ['12’000', 'de-CH', '12000'],
    ['١٢٬٠٠٠٫٥', 'ar', '12000.5'],
    ['۱۲٬۰۰۰', 'fa', '12000'],
    ['۱۲٫۵', 'en', '12.5'],
    ['१२,०००', 'hi', '12000'],
    ['１２．５', 'ja', '12.5'],
    ['１２，０００', 'zh', '12000'],
    ['\u200e−۷', 'fa', '-7'],
    ['−5', 'en', '-5'],
    ['+5', 'en', '5'],
    ['– 5', 'de', '-5'],
    ['-0', 'en', '0'],
    ['007', 'en', '7'],
    ['.5', 'en', '0.5'],
    [',5', 'de', '0.5'],
    ['0,500', 'en', '0.500'],
    ['9007199254740993', 'en', '9007199254740993'],
    ['9.007.199.254.740.993', 'de', '9007199254740993'],
    ['1.234', 'en', '1.234'],
    ['1,234', 'de', '1.234', 3],
  ])('“%s” on a page in %s is %s', (typed, language, expected, ...decimals) => {
    expect(read(typed, language, ...decimals)).toBe(expected);
  });

  it.each<[string, string, string, number?]>([
    ['12.000', 'en', '12 or 12000', 0],
    ['1.234', 'en', '1.234 or 1234', 2],
    ['12,000', 'de', '12 or 12000', 0],
    ['12.000', 'fr', '12 or 12000'],
    ['-1.234', 'pl', '-1,234 or -1234'],
    ['12,000', 'de-CH', '12 or 12000', 0],
  ])('“%s” on a page in %s is not guessed: %s', (typed, language, expected, ...decimals) => {
    expect(read(typed, language, ...decimals)).toBe(expected);
  });

  it.each([
    '',
    '-',
    '.',
    '1e3',
    '0x10',
    'Infinity',
    'NaN',
    '1,2,3',
    '1.2.3',
    '12 34',
    '1,23.4,5',
    '0,123,456',
    '½',
    '²',
    '5-',
    '--5',
    '5%',
    'twelve',
    '十二',
    '1'.repeat(41),
  ])('“%s” is none', (typed) => {
    expect(LANGUAGES.map((language) => read(typed, language))).toEqual(LANGUAGES.map(() => 'none'));
  });

  it('is the number that it was, however a language writes it', () => {
    const number = fc.tuple(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.integer({ min: 0, max: 6 }));
    fc.assert(
      fc.property(number, fc.constantFrom(...LANGUAGES), ([whole, decimals], language) => {
        const value = whole / 10 ** decimals;
        const plain = plainOf(value);
        for (const written of [showNumber(value, language), writeNumber(plain, language)]) {
          const reading = readNumber(written, language);
          expect([written, reading.kind === 'number' && compareNumbers(reading.plain, plain)]).toEqual([written, 0]);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a field for numbers', () => {
  const asked = { id: 'QID1', exportTag: 'Q1', text: 'How many?', required: 'none' as const };
  const [one, two] = ['1', '2'].map((id) => ({ id, text: `Part ${id}`, value: id }));
  const choices = [one!, two!];
  const whole: Content = { kind: 'number', min: 0, max: 50_000, decimals: 0 };
  const walkOf = (question: Question, language: string) => {
    const survey = aSurveyOf(question);
    return { survey, state: startWalk(survey, { seed: 1, now: 0, language }) };
  };
  const submit = (question: Question, language: string, fields: Fields): unknown => {
    const { survey, state } = walkOf(question, language);
    const page = pageOf(survey, state);
    const result = submitPage(survey, state, page.kind === 'page' ? page.key : '', fields);
    if (result.kind === 'invalid') return result.errors.map(({ code, params }) => [code, params]);
    return result.state.given['f.0']?.['QID1'];
  };

  it.each<[string, Question, Fields, unknown]>([
    ['text', { ...asked, type: 'text', subtype: 'single', content: whole }, { QID1: '12,000' }, { text: '12000' }],
    [
      'form',
      { ...asked, type: 'form', choices: [{ ...one!, content: whole }] },
      { QID1_1: '１２，０００' },
      { texts: { '1': '12000' } },
    ],
    [
      'matrix of texts',
      { ...asked, type: 'matrix', subtype: 'text', choices: [one!], columns: [two!], content: whole },
      { QID1_1_2: '١٢٬٠٠٠' },
      { cells: { '1': { '2': '12000' } } },
    ],
    [
      '“other”',
      { ...asked, type: 'choice', subtype: 'single', choices: [{ ...one!, textEntry: true, content: whole }] },
      { QID1: '1', QID1_1_TEXT: '12 000' },
      { choices: ['1'], texts: { '1': '12000' } },
    ],
    [
      'slider',
      { ...asked, type: 'slider', choices: [one!], min: 0, max: 50_000, decimals: 0, labels: [] },
      { QID1_1: '12,000' },
      { numbers: { '1': 12_000 } },
    ],
    [
      'sum',
      { ...asked, type: 'sum', choices, total: 24_000.5, decimals: 1 },
      { QID1_1: '12,000', QID1_2: '12.000,5' },
      { numbers: { '1': 12_000, '2': 12_000.5 } },
    ],
    ['rank', { ...asked, type: 'rank', choices }, { QID1_1: '２', QID1_2: '۱' }, { numbers: { '1': 2, '2': 1 } }],
  ])('reads %s by the page’s language', (_, question, fields, expected) => {
    expect(submit(question, 'en', fields)).toEqual(expected);
  });

  it('names both meanings, and knows its limits to the last digit', () => {
    const text = (content: Content): Question => ({ ...asked, type: 'text', subtype: 'single', content });
    expect(submit(text(whole), 'en', { QID1: '12.000' })).toEqual([['numberAmbiguous', { one: '12', other: '12000' }]]);
    expect(submit(text(whole), 'de', { QID1: '50.001' })).toEqual([['numberMax', { max: 50_000 }]]);
    expect(submit(text({ kind: 'number', max: Number.MAX_SAFE_INTEGER }), 'en', { QID1: '9007199254740992' })).toEqual([
      ['numberMax', { max: Number.MAX_SAFE_INTEGER }],
    ]);
    const sum: Question = { ...asked, type: 'sum', choices, decimals: 0 };
    expect(submit(sum, 'en', { QID1_1: '9007199254740993' })).toEqual([
      ['numberMax', { max: Number.MAX_SAFE_INTEGER }],
    ]);
    expect(submit(sum, 'fr', { QID1_1: '12.000' })).toEqual([['numberAmbiguous', { one: '12', other: '12000' }]]);
  });

  it('shows again what was meant, and what was not understood as it was typed', () => {
    const free: Question = { ...asked, type: 'text', subtype: 'single', content: { kind: 'number' } };
    const other: Question = { ...asked, id: 'QID2', exportTag: 'Q2', type: 'description' };
    const survey = aSurveyOf(other, free);
    const block = survey.blocks['BL1']!;
    block.items.splice(1, 0, { kind: 'pageBreak' });
    const shown = (typed: string): string => {
      let state = startWalk(survey, { seed: 1, now: 0, language: 'fr' });
      const forward = (fields: Fields) => {
        const page = pageOf(survey, state);
        const result = submitPage(survey, state, page.kind === 'page' ? page.key : '', fields);
        if (result.kind === 'moved') state = result.state;
      };
      forward({});
      state = goBack(survey, state, { QID1: typed });
      forward({});
      const page = pageOf(survey, state);
      return page.kind === 'page' ? page.questions[0]!.input!.value : '';
    };
    expect(['1,234', '1.234', '12.000', '1 234,5', 'douze', '١٢'].map(shown)).toEqual([
      '1,234',
      '1.234',
      '12.000',
      '1234,5',
      'douze',
      '12',
    ]);
  });
});
