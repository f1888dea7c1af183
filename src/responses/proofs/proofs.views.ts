import { directionOf } from '../../engine/direction.js';
import type { WalkState } from '../../engine/page.js';
import { type Phrases, phrasesIn, UI_LANGUAGES } from '../../platform/web/phrases.js';
import { closest } from '../pages/languages.js';
import { frame, instant } from '../pages/pages.views.js';
import { type Visit, wishesOf } from '../visit.js';
import { CODE, DIGITS } from './codes.js';
import { isolated, type ProofPlaces, proofPlaces } from './elsewhere.views.js';
import { masked } from './invited.js';
import type { Provable } from './provable.js';

export type Problem = { kind: 'wrong'; left: number } | { kind: 'wait'; until: Date } | { kind: 'unable' };

/** The page that takes a code. @param browser the ticket of a browser that has no cookie yet */
export function codeModel(visit: Visit, provable: Provable, browser: string | undefined, problem?: Problem): object {
  const phrases = phrasesOf(visit, provable.session.walk);
  const places = proofPlaces(visit);
  const kind = problem?.kind;
  const title = phrases.say(kind === 'unable' ? 'proof.goOn' : 'proof.title');
  return {
    ...frame(visit, provable.brand, phrases, { language: phrases.language, title }),
    heading: title,
    problem: problem && problemText(problem, provable, phrases),
    ...fieldOf(provable, phrases, places, problem),
    browser,
    again: kind === 'wait' || kind === 'unable' ? undefined : { url: places.code, text: phrases.say('proof.again') },
    goOn: { url: places.page, text: phrases.say('proof.goOn') },
  };
}

/** Where a code is typed, while one is good. */
function fieldOf(provable: Provable, phrases: Phrases, { proof }: ProofPlaces, problem?: Problem): object {
  const isGone = problem?.kind === 'wrong' && problem.left === 0;
  if (isGone || provable.session.browsers?.code === undefined) {
    return {};
  }
  const address = isolated(masked(provable.address));
  return {
    text: phrases.say('proof.text', { address, minutes: CODE.minutes }),
    code: { url: proof, label: phrases.say('proof.label', { digits: DIGITS }), show: phrases.say('proof.show') },
  };
}

/** The mail with a code. */
export function codeMail(visit: Visit, provable: Provable, digits: string): { subject: string; model: object } {
  const phrases = phrasesOf(visit, provable.session.walk);
  const brand = provable.brand.name;
  return {
    subject: phrases.say('proof.mail.subject', { brand }),
    model: {
      lang: phrases.language,
      dir: directionOf(phrases.language) === 'rtl' ? 'rtl' : undefined,
      brand,
      hello: phrases.say('proof.mail.hello'),
      code: `${digits.slice(0, DIGITS / 2)} ${digits.slice(DIGITS / 2)}`,
      good: phrases.say('proof.mail.good', { minutes: CODE.minutes }),
      why: phrases.say('proof.mail.why'),
    },
  };
}

function problemText(problem: Problem, { timeZone }: Provable, phrases: Phrases): string {
  if (problem.kind === 'wait') {
    return phrases.say('proof.wait', { time: instant(problem.until, timeZone, phrases.language) });
  }
  if (problem.kind === 'unable') {
    return phrases.say('proof.unable');
  }
  return problem.left > 0 ? phrases.say('proof.wrong', { left: problem.left }) : phrases.say('proof.gone');
}

/** In the reader's language, as the pages around it are. */
function phrasesOf(visit: Visit, { language }: WalkState): Phrases {
  return phrasesIn(closest([...wishesOf(visit), language], UI_LANGUAGES) ?? 'en');
}
