import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** What a guessing tool tries first takes fewer guesses than this. Twelve letters by chance take a hundred times as many. */
const FEW_GUESSES = 1e10;
/** The work grows with the square of the length; whatever begins well stays well. */
const JUDGED_LENGTH = 40;

/** Phrases that are long, famous and tried: books on passwords and films made them so. */
const FAMOUS = [
  'correct horse battery staple',
  'to be or not to be',
  'to be or not to be that is the question',
  'may the force be with you',
  'the quick brown fox',
  'the quick brown fox jumps over the lazy dog',
  'open sesame',
  'hello world',
  'lorem ipsum dolor',
  'lorem ipsum dolor sit amet',
  'i love you so much',
  'i love you forever',
  'let me in please',
  'change me now',
  'this is a password',
  'this is my password',
  'this is my secret',
  'once upon a time',
  'god bless america',
  'in god we trust',
  'never gonna give you up',
  'all your base are belong to us',
  'live long and prosper',
  'winter is coming',
  'valar morghulis',
  'a long time ago in a galaxy far far away',
  'jesus loves me',
  'ich liebe dich',
  'je t aime',
  'mot de passe',
  'te quiero mucho',
  'hallo welt',
  'passphrase',
  'fruehling',
  'пароль',
  'йцукенгшщзхъ',
  'фывапролджэ',
];

/** Words of this product, which are on the page where the password is chosen. */
const OURS = ['canvass', 'survey', 'surveys', 'respondent', 'questionnaire'];

let estimator: ZxcvbnFactory | undefined;

/**
 * Whether guessing tools come upon it early: one of the 49,000 commonest passwords or an own word, also with digits and
 * signs around it, in capitals, backwards, doubled, with 3 for e or ñ for n; walks over the keyboard, rows of digits or letters, dates.
 * @param own words that belong to the person or the brand
 */
export function isGuessable(password: string, own: readonly string[]): boolean {
  estimator ??= new ZxcvbnFactory({
    dictionary: {
      passwords: dictionary['passwords-common'],
      famous: [...FAMOUS, ...FAMOUS.map((phrase) => phrase.replaceAll(' ', ''))],
      ours: OURS,
    },
    graphs: adjacencyGraphs,
    // More change the judgement of nothing, and take a hundred times as long.
    l33tMaxSubstitutions: 10,
  });
  const start = password.slice(0, JUDGED_LENGTH);
  const judged = new Set([start, start.normalize('NFKD').replaceAll(/\p{Mark}/gu, '')]);
  return [...judged].some((text) => estimator!.check(text, [...own]).guesses < FEW_GUESSES);
}
