import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/config.js';
import type { Cookie } from '../../platform/web/answers.js';
import { Tickets } from './tickets.js';
import type { Way } from '../visit.js';

/** Names the session of an open link's walk in this browser; on a person's own link, the browser. */
export const COOKIE = 'walk';

/** One cookie for each link, seen by nothing but that link's own pages. */
@Injectable()
export class WalkCookies {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly tickets: Tickets,
  ) {}

  /** Lets the browser go on with an open link's walk. @param until null ends it with the browser */
  ofSession(way: Way, sessionId: string, until: Date | null): Cookie {
    return this.of(way, this.tickets.ofSession(way, sessionId), until);
  }

  /** Tells the browser which one it is on a person's own link. */
  ofBrowser(way: Way, browser: string, until: Date | null): Cookie {
    return this.of(way, this.tickets.ofBrowser(way, browser), until);
  }

  /** What it kept is forgotten. */
  ofNobody(way: Way): Cookie {
    return this.of(way, '', new Date(0));
  }

  /** It lasts so long from now: a respondent's own clock may be days off, and an instant means something else there. */
  private of({ path }: Way, value: string, until: Date | null): Cookie {
    const options = { httpOnly: true, sameSite: 'lax' as const, secure: this.config.isSecure, path, encode: String };
    const maxAge = until === null ? undefined : Math.max(0, until.getTime() - this.clock.ms());
    return { name: COOKIE, value, options: maxAge === undefined ? options : { ...options, maxAge } };
  }
}
