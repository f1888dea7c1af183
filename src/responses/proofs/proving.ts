import type { Provable } from './provable.js';
import { Injectable } from '@nestjs/common';
import { Database, type Unit } from '../../platform/db/database.js';
import { SurveysService } from '../../surveys/surveys.service.js';
import { Keeping } from '../sessions/keeping.js';
import { isOpen, refusalToGoOn, type Refused } from '../pages/refusals.js';
import { brandAndSession, lockSession } from '../sessions/session_rows.js';
import { mayAsk, type Visit } from '../visit.js';
import { CODE, Codes, isGood, nextCodeAt, recentOf } from './codes.js';
import { CodeMails } from './code_mails.js';
import { browsersProven, newBrowser, hiddenAnswersOf } from './walk_browsers.js';
import { invitedAddress } from './invited.js';

export type Asked =
  | { kind: 'nothing' }
  | { kind: 'sent' }
  | ({ kind: 'unable' } & Provable)
  | ({ kind: 'wait'; until: Date } & Provable);

export type Offered =
  | { kind: 'nothing' }
  | { kind: 'proven'; browser: string; until: Date | null }
  | ({ kind: 'wrong'; left: number } & Provable);

/**
 * Proves on another device whose walk it is: a code goes to the address that was invited, and whoever types it sees what was
 * answered. The code belongs to the walk and ends with it; the walk's lock makes one try of what comes in parallel.
 */
@Injectable()
export class Proving {
  constructor(
    private readonly database: Database,
    private readonly surveys: SurveysService,
    private readonly keeping: Keeping,
    private readonly codes: Codes,
    private readonly mails: CodeMails,
  ) {}

  /** Changes nothing. @returns undefined where there is nothing to prove, or nobody asked for a code */
  look(visit: Visit): Promise<Provable | undefined> {
    return this.database.inBrand(visit.way.brandId, async (unit) => {
      const provable = await this.provable(unit, visit, false);
      return provable?.session.browsers?.code === undefined ? undefined : provable;
    });
  }

  /** Sends a code, within what one walk and one address may have sent, where there is a way for it. */
  async ask(visit: Visit): Promise<Asked> {
    const { brandId } = visit.way;
    const canSend = await this.mails.canSend(brandId);
    const found = await this.database.inBrand(brandId, async (unit) => {
      const provable = await this.provable(unit, visit, true);
      if (provable === undefined) {
        return { kind: 'nothing' } as const;
      }
      if (!canSend) {
        return { kind: 'unable', ...provable } as const;
      }
      const { session, address } = provable;
      const browsers = session.browsers ?? { first: '' };
      const until = nextCodeAt(browsers.asked ?? [], visit.now) ?? this.mails.tooManyUntil(brandId, address);
      if (until !== undefined) {
        return { kind: 'wait', until, ...provable } as const;
      }
      const code = this.codes.newCode(visit.now);
      const asked = [...recentOf(browsers.asked ?? [], visit.now), code.at];
      await this.keeping.keepBrowsers(unit, brandId, session, { ...browsers, code, asked });
      return { kind: 'sent', provable, digits: this.codes.digitsOf(session.id, code) } as const;
    });
    if (found.kind === 'sent') {
      this.mails.send(visit, found.provable, found.digits);
      return { kind: 'sent' };
    }
    return found;
  }

  /** Takes a code for this browser. Each wrong one counts, and too many end the code. */
  offer(visit: Visit, typed: string, browser = newBrowser()): Promise<Offered> {
    const { brandId } = visit.way;
    return this.database.inBrand(brandId, async (unit) => {
      const provable = await this.provable(unit, visit, true);
      const { code, ...browsers } = provable?.session.browsers ?? { first: '' };
      if (provable === undefined || code === undefined) {
        return { kind: 'nothing' };
      }
      const { session } = provable;
      if (!isGood(code, visit.now)) {
        return { kind: 'wrong', left: 0, ...provable };
      }
      if (!this.codes.isRight(session.id, code, typed)) {
        const wrong = code.wrong + 1;
        await this.keeping.keepBrowsers(unit, brandId, session, { ...browsers, code: { ...code, wrong } });
        return { kind: 'wrong', left: CODE.tries - wrong, ...provable };
      }
      await this.keeping.keepBrowsers(unit, brandId, session, browsersProven({ ...browsers, code }, browser));
      return { kind: 'proven', browser, until: session.expiresAt };
    });
  }

  /** An open walk of which this browser does not see all, and whose owner has an address. */
  private async provable(unit: Unit, visit: Visit, toChange: boolean): Promise<Provable | undefined> {
    const { way, now } = visit;
    if (!mayAsk(way, 'proof')) {
      return undefined;
    }
    const door = await this.surveys.doorOfIn(unit, way.brandId, way.surveyId, now);
    const { brand, session: seen } = await brandAndSession(unit, way, undefined);
    const found = toChange ? await lockSession(unit, way, { link: way.link?.id }) : seen;
    const session = this.keeping.opened(way.brandId, found);
    if (session === undefined || !isOpen(session, now) || isRefused(refusalToGoOn(visit, door, session))) {
      return undefined;
    }
    const address = invitedAddress(visit, session.walk);
    const isHidden = hiddenAnswersOf(visit, door.survey.options, session) !== undefined;
    return isHidden && address !== undefined
      ? { brand, session, address, timeZone: door.survey.timeZone || brand.timeZone }
      : undefined;
  }
}

function isRefused(refusal: Refused | undefined): boolean {
  return refusal !== undefined;
}
