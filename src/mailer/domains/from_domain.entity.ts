import { domainToUnicode } from 'node:url';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { Finding } from './finding.js';

/**
 * pending: the DNS does not show our key yet · verified: it does, so the domain is this brand's, but something still
 * stands in the way · active: mails may be sent · failed: it was active and no longer is.
 */
export type DomainStatus = 'pending' | 'verified' | 'active' | 'failed';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** For so long a DNS that cannot be asked changes nothing. */
const GRACE_MS = 7 * DAY_MS;
/** While somebody sets a domain up it is looked at every hour. */
const SET_UP_MS = 3 * DAY_MS;
/** A look that died is taken up again after this. */
const LOOK_MS = 120_000;

/** Between two looks that people ask for: while they mend something, and when nothing is to be mended. */
const REST_MS = 10_000;
const REST_WHEN_WELL_MS = 60_000;

/** What a look at the DNS says of a domain. */
export interface Inspection {
  findings: Finding[];
  /** Whether the DNS shows our current key; undefined where it could not be asked. */
  showsKey: boolean | undefined;
  bounceWorks: boolean | undefined;
}

/** A domain that a brand writes from. */
@Entity({ tableName: 'from_domains' })
export class FromDomain {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string;

  @Property({ type: 'bigint' })
  brandId!: string;

  @Property({ type: 'text' })
  domain!: string;

  @Property({ type: 'text' })
  status: DomainStatus = 'pending';

  /** What the administrators were last told. */
  @Property({ type: 'text' })
  toldStatus: DomainStatus = 'pending';

  /** Where bounces of this domain's mails return to, below the domain; '' where it has none of its own. */
  @Property({ type: 'text' })
  bounceDomain = '';

  @Property({ type: 'boolean' })
  bounceWorks = false;

  @Property({ type: 'json' })
  findings: Finding[] = [];

  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  @Property({ type: 'timestamptz', nullable: true })
  checkedAt: Date | null = null;

  @Property({ type: 'timestamptz', nullable: true })
  verifiedAt: Date | null = null;

  @Property({ type: 'timestamptz', nullable: true })
  healthyAt: Date | null = null;

  @Property({ type: 'timestamptz' })
  nextCheckAt!: Date;

  @Property({ type: 'timestamptz', nullable: true })
  checkingUntil: Date | null = null;

  /** As people write it; the wire has it in ASCII. */
  get shownName(): string {
    return domainToUnicode(this.domain);
  }

  /** Whether its administrators have news to hear: that it may send no longer, or may again. */
  get hasNews(): boolean {
    return this.status !== this.toldStatus && (this.status === 'failed' || this.toldStatus === 'failed');
  }

  isChecking(now: Date): boolean {
    return this.nextCheckAt <= now || (this.checkingUntil !== null && this.checkingUntil > now);
  }

  /**
   * Wants a look at once, unless one is under way or was just made.
   * @returns how many milliseconds to wait, 0 when it was taken
   */
  askForCheck(now: Date): number {
    const rest = this.findings.some(({ level }) => level !== 'good') ? REST_MS : REST_WHEN_WELL_MS;
    const wait = this.checkedAt === null ? 0 : this.checkedAt.getTime() + rest - now.getTime();
    if (wait <= 0 && !this.isChecking(now)) {
      this.nextCheckAt = now;
    }
    return Math.max(0, wait);
  }

  /**
   * Bounces of mails to come return to `bounceDomain` once a look has found that it leads to us.
   * @returns false when they do already
   */
  moveBounces(bounceDomain: string, now: Date): boolean {
    if (bounceDomain === this.bounceDomain) {
      return false;
    }
    this.bounceDomain = bounceDomain;
    this.bounceWorks = false;
    this.nextCheckAt = now;
    return true;
  }

  /** @returns false where somebody else looks already, or nobody asked */
  startCheck(now: Date): boolean {
    const isTaken = this.checkingUntil !== null && this.checkingUntil > now;
    if (isTaken || this.nextCheckAt > now) {
      return false;
    }
    this.checkingUntil = new Date(now.getTime() + LOOK_MS);
    return true;
  }

  /**
   * Takes a look's result. A DNS that could not be asked never takes anything away from a domain that was right in the
   * last seven days.
   */
  conclude({ findings, showsKey, bounceWorks }: Inspection, now: Date): void {
    const blocking = findings.filter(({ blocks }) => blocks);
    const isSure = blocking.every(({ level }) => level !== 'unknown');
    this.findings = findings;
    this.checkedAt = now;
    this.checkingUntil = null;
    this.bounceWorks = bounceWorks ?? this.bounceWorks;
    this.verifiedAt = showsKey === true ? (this.verifiedAt ?? now) : this.verifiedAt;
    if (blocking.length === 0) {
      this.status = 'active';
      this.healthyAt = now;
    } else if (isSure || !this.wasHealthyLately(now)) {
      this.status = this.statusWhenBlocked();
    }
    this.nextCheckAt = new Date(now.getTime() + this.pause(now, isSure));
  }

  private statusWhenBlocked(): DomainStatus {
    if (this.healthyAt !== null) {
      return 'failed';
    }
    return this.verifiedAt === null ? 'pending' : 'verified';
  }

  private wasHealthyLately(now: Date): boolean {
    return this.healthyAt !== null && now.getTime() - this.healthyAt.getTime() < GRACE_MS;
  }

  private pause(now: Date, isSure: boolean): number {
    const isNew = this.status !== 'active' && now.getTime() - this.createdAt.getTime() < SET_UP_MS;
    return isNew || !isSure || this.status === 'failed' ? HOUR_MS : DAY_MS;
  }
}
