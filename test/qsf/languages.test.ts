import { closest } from '../../src/responses/pages/languages.js';
import { directionOf } from '../../src/engine/direction.js';
import { languageTag } from '../../src/engine/language.js';
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
  [{ EN: 'on', DE: '0', 'ZH-S': 'on' }, ['zh-Hans']],
  ['EN, DE', ['de']],
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

it('is said where nobody can read which languages are switched on', () => {
  const survey = imported({ questions: { QID1: QUESTION }, options: { AvailableLanguages: [{ Code: 'DE' }] } });
  expect(Object.keys(survey.definition.translations)).toEqual(['de', 'zh-Hans', 'en-GB']);
  expect(said(survey, /^Languages/)).toContain('can not be read');
});

it('a language whose texts are all empty is not offered', () => {
  const question = { ...QUESTION, Language: { DE: { QuestionText: '' }, FR: name('Votre nom ?') } };
  const survey = imported({
    questions: { QID1: question },
    options: { AvailableLanguages: { EN: [], DE: [], FR: [] } },
  });
  expect(Object.keys(survey.definition.translations)).toEqual(['fr']);
  expect(said(survey, /^Languages/)).toContain('"de" is switched on in the file, but has no texts');
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
