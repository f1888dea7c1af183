import { closest } from '../../../src/responses/languages.js';
import { directionOf } from '../../../src/surveys/engine/direction.js';
import { languageTag } from '../../../src/surveys/engine/language.js';
import { imported, said } from './files.js';

const name = (text: string): object => ({ QuestionText: text });
const QUESTION = {
  QuestionType: 'TE',
  Selector: 'SL',
  QuestionText: 'Your name?',
  Language: {
    DE: name('Ihr Name?'),
    'ZH-S': name('你的名字？'),
    EN_GB: name('Your name, please?'),
    ELVISH: name('Mae govannen'),
    EN: name('Your name?'),
  },
};

function languages(AvailableLanguages: unknown): string[] {
  return Object.keys(
    imported({ questions: { QID1: QUESTION }, options: { AvailableLanguages } }).definition.translations,
  );
}

it.each([
  [{ EN: [], DE: [] }, ['de']],
  [['EN', 'ZH-S'], ['zh-Hans']],
  [{ EN: [], 'EN-GB': [], DE: false }, ['en-GB']],
  [{ EN: [] }, []],
  [[], []],
  [undefined, ['de', 'zh-Hans', 'en-GB']],
  [null, ['de', 'zh-Hans', 'en-GB']],
])('of %j only these are offered: %j', (on, expected) => {
  expect(languages(on)).toEqual(expected);
});

it('texts that are left out are named, with their number, and so are languages without texts', () => {
  const survey = imported({
    questions: { QID1: QUESTION, QID2: { ...QUESTION, Language: { DE: name('Ihr Alter?') } } },
    options: { AvailableLanguages: { EN: [], FR: [], 'ZH-S': [] } },
  });
  expect(said(survey, /^Languages/).split('\n')).toEqual([
    expect.stringContaining('"DE" is switched off in the file and isn\'t offered; its texts of 2 questions'),
    expect.stringContaining('"EN_GB" is switched off'),
    expect.stringContaining('"ELVISH" is no language code known here; its texts of 1 question'),
    expect.stringContaining('"fr" is switched on in the file, but has no texts'),
  ]);
});

it('a language of its own making counts as English, and that is said', () => {
  const survey = imported({ entry: { SurveyLanguage: 'Q_DEV' } });
  expect(survey.definition.language).toBe('en');
  expect(said(survey, /^Languages/)).toContain('"Q_DEV" is no code known here');
});

it.each([
  ['ZH-S', 'zh-Hans'],
  ['zh_t', 'zh-Hant'],
  ['PT-BR', 'pt-BR'],
  ['ES-ES', 'es-ES'],
  ['ES_ES', 'es-ES'],
  ['EN_GB', 'en-GB'],
  ['SR-BA', 'sr-BA'],
  ['FR-CA', 'fr-CA'],
  ['HYE', 'hy'],
  ['NO', 'nb'],
  ['XX', undefined],
  ['Q_CUSTOM1', undefined],
  ['', undefined],
])('%s is %s on the web', (code, tag) => {
  expect(languageTag(code)).toBe(tag);
});

it.each([
  [['ZH-T'], 'zh-Hant'],
  [['zh-TW'], 'zh-Hant'],
  [['zh-CN'], 'zh-Hans'],
  [['ZH'], 'zh-Hans'],
  [['PT_BR'], 'pt-BR'],
  [['pt'], 'pt-BR'],
  [['xx', 'EN-GB'], 'en'],
  [['Q_CUSTOM1', 'nb'], undefined],
])('who asks for %j reads %s', (wishes, language) => {
  expect(closest(wishes, ['en', 'zh-Hans', 'zh-Hant', 'pt-BR'])).toBe(language);
});

it('Sorani reads from right to left', () => {
  expect(directionOf('ckb')).toBe('rtl');
});
