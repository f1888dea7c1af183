import { directionOf } from '../../surveys/engine/direction.js';
import type { WalkState } from '../../surveys/engine/page.js';
import { type Phrases, phrasesIn, UI_LANGUAGES } from '../../platform/web/phrases.js';
import { closest } from '../languages.js';
import { frame, instant } from '../pages.views.js';
import { type Visit, wishesOf } from '../visit.js';
import { CODE, DIGITS } from './codes.js';
import { isolated, proofPlaces } from './elsewhere.views.js';
import { masked } from './invited.js';
import type { Provable } from './proving.js';

export type Problem = { kind: 'wrong'; left: number } | { kind: 'wait'; until: Date };

/** The page that takes a code. @param browser the ticket of a browser that has no cookie yet */
export function codeModel(visit: Visit, provable: Provable, browser: string | undefined, problem?: Problem): object {
  const phrases = phrasesOf(visit, provable.session.walk);
  const places = proofPlaces(visit);
  const title = phrases.say('proof.title');
  const isGone = problem?.kind === 'wrong' && problem.left === 0;
  const mayType = !isGone && provable.session.hands?.code !== undefined;
  const address = isolated(masked(provable.address));
  return {
    ...frame(visit, provable.brand, phrases, { language: phrases.language, title }),
    heading: title,
    problem: problem && problemText(problem, provable, phrases),
    text: mayType ? phrases.say('proof.text', { address, minutes: CODE.minutes }) : undefined,
    code: mayType
      ? { url: places.proof, label: phrases.say('proof.label', { digits: DIGITS }), show: phrases.say('proof.show') }
      : undefined,
    browser,
    again: problem?.kind === 'wait' ? undefined : { url: places.code, text: phrases.say('proof.again') },
    goOn: { url: places.page, text: phrases.say('proof.goOn') },
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
  return problem.left > 0 ? phrases.say('proof.wrong', { left: problem.left }) : phrases.say('proof.gone');
}

/** In the reader's language, as the pages around it are. */
function phrasesOf(visit: Visit, { language }: WalkState): Phrases {
  return phrasesIn(closest([...wishesOf(visit), language], UI_LANGUAGES) ?? 'en');
}
