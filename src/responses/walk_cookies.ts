import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { Tickets } from './tickets.js';
import type { Way } from './visit.js';

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
  keepSession(response: Response, way: Way, sessionId: string, until: Date | null): void {
    this.set(response, way, this.tickets.ofSession(way, sessionId), until);
  }

  /** Tells the browser which one it is on a person's own link. */
  keepBrowser(response: Response, way: Way, browser: string, until: Date | null): void {
    this.set(response, way, this.tickets.ofBrowser(way, browser), until);
  }

  forget(response: Response, way: Way): void {
    this.set(response, way, '', new Date(0));
  }

  /** It lasts so long from now: a respondent's own clock may be days off, and an instant means something else there. */
  private set(response: Response, { path }: Way, value: string, until: Date | null): void {
    response.cookie(COOKIE, value, {
      httpOnly: true,
      sameSite: 'lax',
      secure: this.config.isSecure,
      path,
      ...(until === null ? {} : { maxAge: Math.max(0, until.getTime() - this.clock.ms()) }),
      encode: String,
    });
  }
}
