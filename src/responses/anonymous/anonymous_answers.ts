import { Injectable } from '@nestjs/common';
import { Chance } from '../../platform/chance.js';
import { Keys } from '../../platform/keys.js';
import type { Held, KeptWalk, Leaving, SealedWalk, Session } from '../sessions/session.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** All that waits comes out together every so often, so that few minutes mix what came one after the other. */
const TOGETHER = 5 * MINUTE;
/** At least so long, and by chance up to so much longer. */
const WAITS = { least: MINUTE, more: 4 * MINUTE };

/** A closed walk on its way to be a response: no link, no contact, no distribution, no device, no language, no minute. */
export interface HeldAnswers {
  surveyId: string;
  versionId: string;
  channel: string;
  source: string;
  status: number;
  finished: boolean;
  ending: string;
  progress: number;
  endedAt: string;
  answers: object;
  embedded: object;
}

type Closing = Pick<Session, 'surveyId' | 'channel' | 'source' | 'status'> & {
  versionId: string;
  progress: number;
  activity: Date;
  now: Date;
};

/** Seals what an anonymous walk has given: while it is open, and until a transaction of its own records the answers. */
@Injectable()
export class AnonymousAnswers {
  constructor(
    private readonly keys: Keys,
    private readonly chance: Chance,
  ) {}

  sealed(brandId: string, walk: KeptWalk): SealedWalk {
    return { sealed: this.keys.seal(bytesOf(walk), `sessions|walk|${brandId}`).toString('base64') };
  }

  /** The session with its walk, which is empty where the session was anonymous and has ended a while ago. */
  opened<S extends Session | undefined>(brandId: string, session: S): S {
    const walk = session?.walk as Partial<SealedWalk> | undefined;
    if (session === undefined || walk?.sealed === undefined) {
      return session;
    }
    const open = this.keys.unseal(Buffer.from(walk.sealed, 'base64'), `sessions|walk|${brandId}`);
    return { ...session, walk: JSON.parse(open.toString()) as KeptWalk };
  }

  /** What a walk leaves, sealed, with the random while after which it is recorded. */
  hold(brandId: string, { activity, now, ...closing }: Closing, leaving: Leaving): Held {
    const { ending, answers, embedded, state } = leaving;
    const held: HeldAnswers = {
      ...closing,
      finished: state === 'finished',
      ending,
      endedAt: toTheHour(activity).toISOString(),
      answers,
      embedded,
    };
    const id = this.chance.uuid();
    const until = now.getTime() + WAITS.least + this.chance.below(WAITS.more);
    return {
      id,
      dueAt: new Date(Math.ceil(until / TOGETHER) * TOGETHER),
      sealed: this.keys.seal(bytesOf(held), placeOf(brandId, id)),
    };
  }

  /** @throws where it was not sealed here for this brand */
  unheld(brandId: string, { id, sealed }: { id: string; sealed: Buffer }): HeldAnswers {
    return JSON.parse(this.keys.unseal(sealed, placeOf(brandId, id)).toString()) as HeldAnswers;
  }
}

/** The walk is gone: its session ended anonymously, and the while in which its end page can be seen again is over. */
export function isForgotten({ walk }: Session): boolean {
  return !Object.hasOwn(walk, 'v');
}

export function toTheHour(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR) * HOUR);
}

function placeOf(brandId: string, id: string): string {
  return `held_answers|${brandId}|${id}`;
}

function bytesOf(content: object): Buffer {
  return Buffer.from(JSON.stringify(content));
}
