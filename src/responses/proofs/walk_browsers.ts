import { randomBytes } from 'node:crypto';
import type { WalkState } from '../../engine/page.js';
import type { HiddenAnswers } from '../../engine/hidden-answers.js';
import { asksForProof, isAnonymized } from '../../surveys/survey.entity.js';
import type { Session, WalkBrowsers } from '../sessions/session.js';
import { mayAsk, type Visit } from '../visit.js';

/** So many browsers may be proven at once; the one that was proven first has to prove it again. */
const PROVEN = 10;

export function newBrowser(): string {
  return randomBytes(9).toString('base64url');
}

/**
 * What this browser may not see of a walk. Whoever sees a link may open it, so on a device that did not begin the walk
 * what came from others is hidden until a code has shown whose it is; the survey may say otherwise, an anonymous one never.
 * Who began a walk counts only until then, and not where answers are anonymous: whoever sent the link may have begun it.
 * @returns undefined where nothing is hidden
 */
export function hiddenAnswersOf(
  { way, browser }: Pick<Visit, 'way' | 'browser'>,
  options: Record<string, unknown>,
  session: Pick<Session, 'browsers' | 'isAnonymous'> | undefined,
): HiddenAnswers | undefined {
  if (session === undefined || !mayAsk(way, 'proof')) {
    return undefined;
  }
  const browsers = session.browsers ?? { first: '' };
  const isAnonymous = session.isAnonymous || isAnonymized(options);
  if ((!isAnonymous && !asksForProof(options)) || seesAll(browsers, browser, isAnonymous)) {
    return undefined;
  }
  const { first, others = {} } = browsers;
  return {
    hides: (place, question) => browser === undefined || (others[place]?.[question] ?? first) !== browser,
  };
}

function seesAll(
  { first, proven = [], others }: WalkBrowsers,
  browser: string | undefined,
  isAnonymous: boolean,
): boolean {
  if (browser === undefined || proven.includes(browser)) {
    return browser !== undefined;
  }
  return browser === first && (others === undefined || (proven.length === 0 && !isAnonymous));
}

/** Whether a browser has answered here before: its form may come twice, and its cookie not yet. */
export function isOf(browsers: WalkBrowsers | undefined, browser: string): boolean {
  const given = Object.values(browsers?.others ?? {}).flatMap((answers) => Object.values(answers));
  return [browsers?.first, ...(browsers?.proven ?? []), ...given].includes(browser);
}

/** The browsers after a browser has taken a page: what is another answer than before, or typed on a page that was left, is its own. */
export function browsersAfter(
  browsers: WalkBrowsers | undefined,
  before: WalkState,
  after: WalkState,
  browser: string,
): WalkBrowsers {
  const known = browsers ?? { first: '' };
  const changed = (['given', 'drafts'] as const).flatMap((kind) =>
    Object.entries(after[kind]).flatMap(([place, answers]) =>
      Object.entries(answers)
        .filter(([question, answer]) => before[kind][place]?.[question] !== answer)
        .map(([question]) => ({ place, question })),
    ),
  );
  const others = structuredClone(known.others ?? {});
  for (const { place, question } of changed) {
    const { [question]: _before, ...rest } = others[place] ?? {};
    others[place] = browser === known.first ? rest : { ...rest, [question]: browser };
  }
  const left = Object.fromEntries(Object.entries(others).filter(([, answers]) => Object.keys(answers).length > 0));
  const { others: _others, ...kept } = known;
  return Object.keys(left).length === 0 ? kept : { ...kept, others: left };
}

/** The browsers once somebody has proved to be the invited person in a browser. */
export function browsersProven({ code: _used, ...browsers }: WalkBrowsers, browser: string): WalkBrowsers {
  return {
    ...browsers,
    proven: [browser, ...(browsers.proven ?? []).filter((one) => one !== browser)].slice(0, PROVEN),
  };
}
