import { Injectable } from '@nestjs/common';
import type { Brand } from '../../brands/brand.entity.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Database } from '../../platform/db/database.js';
import { confirmField } from '../../distributions/confirm_field.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { afterWordsWithin } from '../../distributions/follow_ups/following_words.js';
import { figure } from '../../platform/figures.js';
import { titleOf } from '../../ledger/distribution_words.js';
import { spanWords } from '../../distributions/progress.views.js';
import { EmailsPage } from '../../distributions/emails_page.js';
import { addresses } from '../../platform/web/addresses.js';
import type { ReviewModel } from '../compose/compose_steps.js';
import { CAUTIOUS_PER_MINUTE, recentPace } from '../../planning/full_speed.sql.js';
import { LimitMeters } from '../../limits/limit_meters.js';
import type { Outlook } from '../../planning/outlooks.sql.js';
import type { Finding } from '../../planning/finding.js';
import { asksForZones } from '../../planning/timing.js';
import { type Allowance, type Shortage, shortageWords, WeeklyLimits } from '../../limits/weekly_limits.service.js';
import { lastMailAt } from '../../planning/when_words.js';
import { capital, reasonWords } from '../../ledger/recipients/recipients.views.js';
import { findingLines } from '../compose/composition.views.js';
import { readerFindings } from '../checks/reader_remarks.js';

/** What was answered to an attempt to send it. */
export interface ReviewRefusal {
  message: string;
  code?: string | undefined;
  /** The division whose weekly limit is too small, where it is not the brand's. */
  divisionId?: string | undefined;
  /** What was typed to confirm it. */
  typed?: string;
}

interface Looked {
  findings: Finding[];
  outlook: Outlook | undefined;
  brand: Brand;
  refusal?: ReviewRefusal | undefined;
}

interface Consent extends Looked {
  outlook: Outlook;
  isBlocked: boolean;
  shortage: Shortage | undefined;
  allowances: Allowance[];
}

/** The figures of the page before sending, and the buttons that depend on them. */
@Injectable()
export class ReviewNumbers {
  constructor(
    private readonly emails: EmailsPage,
    private readonly limits: WeeklyLimits,
    private readonly meters: LimitMeters,
    private readonly database: Database,
  ) {}

  /** Models of the parts `_review_numbers` and `_review_actions`. */
  async of(
    actor: Actor,
    distribution: Distribution,
    looked: Looked,
  ): Promise<{ numbers: object; actions: ReviewModel['actions'] }> {
    const { words } = this.emails;
    const id = words.shown(distribution);
    const editUrl = addresses.mails.edit(...words.at(distribution));
    const { outlook, brand, refusal, findings } = looked;
    if (outlook === undefined) {
      return {
        numbers: { id, countingUrl: addresses.mails.counting(...words.at(distribution)) },
        actions: { id, editUrl },
      };
    }
    const allowances = await this.limits.of(actor.brandId, actor.userId);
    const shortage = await this.limits.shortage(actor.brandId, actor.userId, outlook.mails);
    const isNobody = outlook.mails === 0 && !isForLater(distribution, words.now());
    const isBlocked = findings.some(({ level }) => level === 'error') || isNobody;
    return {
      numbers: {
        id,
        outlook: this.outlookModel(distribution, outlook, actor),
        duration: await this.duration(actor, distribution, outlook.mails, brand),
        meters: await this.meters.of(actor, outlook.mails),
        refusal: this.refused(
          actor,
          distribution,
          refusal ?? (isNobody ? this.nobodyLeft(outlook, actor) : shortageRefusal(shortage, actor)),
        ),
      },
      actions: {
        id,
        editUrl,
        sendUrl: addresses.mails.send(...words.at(distribution)),
        reviewed: String(distribution.modifiedAt.getTime()),
        isBlocked,
        ...(distribution.isDraft
          ? this.consent(actor, distribution, { ...looked, outlook, isBlocked, shortage, allowances })
          : { canSend: false, scheduled: this.scheduledWords(actor, distribution) }),
      },
    };
  }

  /** What a draft is sent with; nothing while something stands in its way. */
  private consent(
    actor: Actor,
    distribution: Distribution,
    { outlook: { mails }, brand, refusal, isBlocked, shortage, allowances }: Consent,
  ): { canSend: boolean; confirm?: object | undefined } {
    return isBlocked
      ? { canSend: false }
      : {
          canSend: true,
          ...this.buttons(actor, distribution, { mails, shortage, allowances }),
          confirm: this.confirmation(distribution, mails, brand, refusal),
        };
  }

  private buttons(
    actor: Actor,
    distribution: Distribution,
    { mails, shortage, allowances }: { mails: number; shortage: Shortage | undefined; allowances: Allowance[] },
  ): object {
    const { words } = this.emails;
    const submit = this.submitWords(actor, distribution, mails);
    if (shortage === undefined) {
      return { submit };
    }
    const isLater = distribution.sendAt !== null && distribution.sendAt > words.now();
    const free = Math.min(...allowances.map(({ left }) => left));
    const parts = free > 0 && !isLater ? words.counted('review.parts', free) : words.say('review.partsLater');
    // Until then the week moves on: it may fit, or it waits until it does.
    return isLater ? { submit, parts } : { parts };
  }

  /** A refusal leads whoever can mend it to where that is done. */
  private refused(actor: Actor, { ownerId }: Distribution, refusal: ReviewRefusal | undefined): object | undefined {
    // Named one by one: what is thrown has its message where no spread finds it.
    return (
      refusal && {
        message: refusal.message,
        code: refusal.code,
        door: this.emails.words.door(actor, refusal.code, { ownerId, divisionId: refusal.divisionId }),
      }
    );
  }

  /** What is on the schedule stays there without another consent. */
  private scheduledWords(actor: Actor, distribution: Distribution): string {
    const { words } = this.emails;
    const { sendAt, waitsForAnother } = distribution;
    return waitsForAnother || sendAt === null
      ? words.say('form.savedWaiting', { when: afterWordsWithin(distribution, words) })
      : words.say('steps.scheduled', { at: words.exact(actor, sendAt) });
  }

  /** Above a size that the brand sets, its number or its name is typed before it goes. */
  private confirmation(
    distribution: Distribution,
    mails: number,
    { confirmAbove }: Brand,
    refusal: ReviewRefusal | undefined,
  ): object | undefined {
    const { say } = this.emails.words;
    return mails <= confirmAbove
      ? undefined
      : confirmField({ mails, title: titleOf(distribution, say), typed: refusal?.typed }, say);
  }

  private outlookModel(
    distribution: Distribution,
    { audience, mails, skipped, readers = [] }: Outlook,
    actor: Actor,
  ): object {
    const { words } = this.emails;
    const { parentId, waitsForAnother } = distribution;
    return {
      remarks: findingLines(readerFindings(distribution, readers), words.say),
      mails: waitsForAnother ? words.say('review.eachInTurn') : words.counted('review.mails', mails),
      audience: words.counted(parentId === null ? 'review.audience' : 'review.followed', audience),
      skipped: skipped.map(({ reason, n }) => ({
        n: figure(n),
        text: capital(reasonWords({ reason, reasonAt: null }, actor, words) ?? reason),
      })),
    };
  }

  /** It can go to nobody: with how many people each reason keeps from it. */
  private nobodyLeft({ audience, skipped }: Outlook, actor: Actor): ReviewRefusal {
    const { words } = this.emails;
    const code = audience === 0 ? 'EQD11' : 'CVS04';
    const reasons = skipped.map(
      ({ reason, n }) => `${figure(n)}: ${reasonWords({ reason, reasonAt: null }, actor, words) ?? reason}`,
    );
    const [cause, remedy] = ['cause', 'remedy'].map((part) =>
      words.say(`finding.${code}.${part}`, { reasons: reasons.join('; ') }),
    );
    return { message: `${cause} ${remedy}`, code };
  }

  /** When the last mail leaves, as far as anybody can tell. */
  private async duration(
    actor: Actor,
    distribution: Distribution,
    mails: number,
    brand: Brand,
  ): Promise<string | undefined> {
    const { words } = this.emails;
    const now = words.now();
    if (mails === 0 || isForLater(distribution, now)) {
      return undefined;
    }
    const { sendAt } = distribution;
    const start = sendAt !== null && sendAt > now ? sendAt : now;
    const last = lastMailAt(distribution, { mails, start, holidays: brand.holidays });
    const when =
      last === undefined
        ? await this.atFullSpeed(actor, mails)
        : words.say('review.last', { at: words.exact(actor, last) });
    return asksForZones(distribution) ? `${when} ${words.say('review.zones')}` : when;
  }

  /** Only servers slow it down: as fast as lately, else a cautious guess that says so. */
  private async atFullSpeed(actor: Actor, mails: number): Promise<string> {
    const { words } = this.emails;
    const lately = await this.database.inBrand(actor.brandId, (unit) => recentPace(unit, words.now()));
    const perMinute = lately ?? CAUTIOUS_PER_MINUTE;
    const minutes = mails / perMinute;
    const about = spanWords(minutes * MINUTE_MS, words);
    const span = Math.round(minutes) < 1 ? about : words.say('review.about', { span: about });
    const key = lately === undefined ? 'review.speedGuessed' : 'review.speedKnown';
    return words.say(key, { span, rate: figure(Math.round(perMinute)) });
  }

  private submitWords(actor: Actor, distribution: Distribution, mails: number): string {
    const { words } = this.emails;
    const { sendAt, waitsForAnother } = distribution;
    if (waitsForAnother) {
      return words.say('follow.submit', { when: afterWordsWithin(distribution, words) });
    }
    return sendAt !== null && sendAt > words.now()
      ? words.say('review.schedule', { at: words.exact(actor, sendAt) })
      : words.counted('review.send', mails);
  }
}

const MINUTE_MS = 60_000;

/** Whom a reminder or a thank-you goes to that is sent later nobody can know yet. */
function isForLater({ parentId, waitsForAnother, sendAt }: Distribution, now: Date): boolean {
  return parentId !== null && (waitsForAnother || (sendAt !== null && sendAt > now));
}

function shortageRefusal(shortage: Shortage | undefined, { timeZone }: Actor): ReviewRefusal | undefined {
  return shortage === undefined
    ? undefined
    : {
        message: shortageWords(shortage, timeZone),
        code: shortage.scope === 'user' ? 'EQD03' : 'EQD04',
        divisionId: shortage.scope === 'division' ? shortage.scopeId : undefined,
      };
}
