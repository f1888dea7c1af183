import { Injectable, Logger } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { Clock } from '../../clock.js';
import { Config } from '../../config.js';
import { LimitReached } from '../../errors.js';
import { NetworkAllowance } from '../../net/network_allowance.js';
import { TokenBuckets } from '../../net/token_buckets.js';

/** Servers that fetch the pictures of mails for whole countries of readers ask from few addresses. */
const PICTURES = 5;
/** Wrong addresses of all networks together: guessing spread over many is guessing too, and costs nobody with a right one. */
const ALL_MISSES = 10;
/** So many networks may post at once as much as each may. */
const ALL_POSTERS = 20;
/** Places that are kept for those who were shown the first page already. */
const SPARE = 0.05;
/** Requests by one link that was given to somebody: two a page, so sixty pages at once, and then as fast as anybody reads. */
const OWN_LINK = { burst: 120, perSecond: 5 };
/** Refusals that are drawn as a page; the rest gets a few words, or refusing would be the work of a flood. */
const DRAWN = { burst: 60, perSecond: 10 };
/** A program that asks again as soon as it is answered waits so many milliseconds for a refusal; so many wait at most. */
const PAUSE = { ms: 250, atOnce: 2000 };
const HOUR = 3_600_000;

/** How much may come through the doors that stand open to everybody, by network. The numbers are settings. */
@Injectable()
export class DoorLimits {
  /** Requests for pages of any kind. */
  readonly requests: NetworkAllowance;
  readonly pictures: NetworkAllowance;
  /** Bytes posted to pages of respondents above what an ordinary page takes. */
  readonly posted: NetworkAllowance;
  /** Requests by links that we made, each apart. */
  readonly ownLinks: TokenBuckets;
  private readonly starts: NetworkAllowance;
  private readonly misses: NetworkAllowance;
  private readonly drawn: TokenBuckets;
  private readonly log = new Logger('Limits');
  private readonly spare: number;
  private toldAt: number | undefined;
  private pausing = 0;

  constructor(
    config: Config,
    private readonly clock: Clock,
  ) {
    const requests = { burst: config.REQUESTS_AT_ONCE, perSecond: config.REQUESTS_PER_SECOND };
    const misses = { burst: config.MISSES_AT_ONCE, perSecond: config.MISSES_PER_SECOND };
    const posted = { burst: config.POSTED_MB_AT_ONCE * 1_000_000, perSecond: config.POSTED_KB_PER_SECOND * 1000 };
    const starts = { burst: config.STARTS_AT_ONCE, perSecond: config.STARTS_PER_SECOND };
    const surveyStarts = { burst: config.SURVEY_STARTS_AT_ONCE, perSecond: config.SURVEY_STARTS_PER_SECOND };
    this.requests = new NetworkAllowance(clock, requests);
    this.pictures = new NetworkAllowance(clock, times(requests, PICTURES));
    this.misses = new NetworkAllowance(clock, misses, times(misses, ALL_MISSES));
    this.posted = new NetworkAllowance(clock, posted, times(posted, ALL_POSTERS));
    this.starts = new NetworkAllowance(clock, starts, surveyStarts);
    this.spare = Math.floor(starts.burst * SPARE);
    this.ownLinks = new TokenBuckets(clock, OWN_LINK);
    this.drawn = new TokenBuckets(clock, DRAWN);
  }

  /**
   * Takes what a walk costs that begins.
   * @throws {LimitReached} with the seconds after which there is room
   */
  takeStart(address: string, surveyId: string): void {
    this.refuse(address, this.starts.take(address, { about: surveyId }));
  }

  /** What a walk had taken that did not begin after all. */
  giveStartBack(address: string, surveyId: string): void {
    this.starts.giveBack(address, { about: surveyId });
  }

  /**
   * Looks before any work whether a walk could begin.
   * @param isLooking a few more must be left: who is shown a first page shall be let in with it
   * @throws {LimitReached}
   */
  mustHaveStarts(address: string, surveyId: string, isLooking: boolean): void {
    const count = 1 + (isLooking ? this.spare : 0);
    this.refuse(address, this.starts.waitFor(address, { about: surveyId, count }));
  }

  /**
   * Somebody has asked for a link or a picture that there is not. Only such requests are counted: those who have a right
   * address are let in, whatever their neighbours guess.
   * @throws {LimitReached}
   */
  miss(address: string | undefined): void {
    this.refuse(address, this.misses.take(address));
  }

  /**
   * Before work that may end in a miss: this network has none left to make. What the others have spent is no matter here, or
   * guessing from many networks would shut out everybody.
   * @throws {LimitReached}
   */
  mustHaveMisses(address: string | undefined): void {
    this.refuse(address, this.misses.waitOfNetwork(address));
  }

  /** Whether this refusal may cost the drawing of a page. */
  mayDraw(): boolean {
    return this.drawn.take('pages') === 0;
  }

  /** Whether a program without a token that holds is answered without a pause. */
  mayAnswerStranger(): boolean {
    return this.drawn.take('programs') === 0;
  }

  /** Before a refusal that is not drawn: 32 connections then ask 130 times a second, and not 2,000 times. */
  async pause(): Promise<void> {
    if (this.pausing < PAUSE.atOnce) {
      this.pausing += 1;
      await new Promise((resolve) => setTimeout(resolve, PAUSE.ms));
      this.pausing -= 1;
    }
  }

  /** Whom there is no room for; the operator is told. */
  refusal(address: string | undefined, seconds: number): LimitReached {
    this.tell(address ?? '');
    return new LimitReached(`Too much has come from your network at once. Come back in ${seconds} s.`, seconds);
  }

  /** @throws {LimitReached} where there is a wait */
  refuse(address: string | undefined, seconds: number): void {
    if (seconds > 0) {
      throw this.refusal(address, seconds);
    }
  }

  /** Tells the operator, once an hour: behind a proxy that is not told of, all the world is one address. */
  tell(address: string): void {
    if (this.clock.ms() < (this.toldAt ?? -Infinity) + HOUR) {
      return;
    }
    this.toldAt = this.clock.ms();
    const isInside = !ipaddr.isValid(address) || ipaddr.process(address).range() !== 'unicast';
    this.log.warn(
      isInside
        ? `Visitors are turned away (429): all of them seem to come from ${address}. Behind a proxy set TRUST_PROXY.`
        : 'Visitors are turned away (429): one network, or all together, ask for more than the settings allow.',
    );
  }
}

function times({ burst, perSecond }: { burst: number; perSecond: number }, factor: number): typeof DRAWN {
  return { burst: burst * factor, perSecond: perSecond * factor };
}
