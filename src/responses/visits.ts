import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { EntriesService } from '../links/entries/entries.service.js';
import { SignedParametersService } from '../links/signed_parameters.service.js';
import { Clock } from '../platform/clock.js';
import { cookieOf } from '../platform/web/session/cookies.js';
import { DoorLimits } from '../platform/web/admission/door_limits.js';
import type { Device } from '../engine/devices.js';
import { acceptedLanguages } from './pages/languages.js';
import { Tickets } from './sessions/tickets.js';
import { UNDER_WAY, type Visit, type Way } from './visit.js';
import { COOKIE } from './sessions/walk_cookies.js';

type Stranger = Pick<Visit, 'accepted' | 'query'>;

/** Reads a respondent's request: which link, which walk, which language, which kind of device. */
@Injectable()
export class Visits {
  constructor(
    private readonly entries: EntriesService,
    private readonly signedParameters: SignedParametersService,
    private readonly tickets: Tickets,
    private readonly clock: Clock,
    private readonly limits: DoorLimits,
  ) {}

  /** @returns undefined where the address leads nowhere */
  async of(request: Request): Promise<Visit | undefined> {
    const stranger = strangerOf(request);
    const way = await this.wayOf(request, stranger);
    if (way === undefined) {
      return undefined;
    }
    const isOwn = way.entry.walk === 'ofLink';
    const kept = isOwn ? undefined : this.tickets.readSession(way, cookieOf(request, COOKIE));
    const browser = isOwn ? this.tickets.readBrowser(way, cookieOf(request, COOKIE)) : undefined;
    this.mustHaveRoom(way, request, kept);
    return {
      ...stranger,
      way,
      vouched: this.signedParameters.vouched(way.surveyId, stranger.query),
      now: this.clock.now(),
      device: deviceOf(request),
      address: request.ip ?? '',
      isUnderWay:
        kept !== undefined && stranger.query[UNDER_WAY] === this.tickets.markOf(way, kept) && followsOurs(request),
      ...(kept === undefined ? {} : { kept }),
      ...(browser === undefined ? {} : { browser }),
    };
  }

  /** @throws {LimitReached} where too many addresses were tried that lead nowhere */
  missed(request: Request): void {
    this.limits.miss(request.ip);
  }

  /** Whoever would begin a walk is turned away before any work, and before they have filled in a page. */
  private mustHaveRoom(way: Way, request: Request, kept: string | undefined): void {
    const posted = (request.body as Record<string, unknown> | undefined)?.['session'];
    const isUnderWay = kept !== undefined || posted !== undefined || request.params['ticket'] !== undefined;
    if (way.entry.walk === 'ofBrowser' && !isUnderWay) {
      this.limits.mustHaveStarts(request.ip ?? '', way.surveyId, request.method !== 'POST');
    }
  }

  private async wayOf(request: Request, { query }: Stranger): Promise<Way | undefined> {
    const token = String(request.params['token']);
    const [, prefix = ''] = request.path.split('/');
    const found = await this.entries.find(prefix, token, query);
    return found && { ...found, path: `/${prefix}/${token}` };
  }
}

/** Browsers that tell where a request comes from do: an address typed, or offered among those of before, follows no page. */
function followsOurs(request: Request): boolean {
  const from = request.get('Sec-Fetch-Site');
  return from === undefined || from === 'same-origin';
}

/** What is known of somebody whose link leads nowhere. */
export function strangerOf(request: Request): Stranger {
  const given = Object.entries(request.query).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]);
  const query = Object.fromEntries(given.filter(([, value]) => typeof value === 'string')) as Record<string, string>;
  return { query, accepted: acceptedLanguages(request.get('Accept-Language')) };
}

/** A class of devices and no more: nobody is recognised by it. Tablets that call themselves a computer count as one. */
function deviceOf(request: Request): Device {
  const agent = request.get('User-Agent') ?? '';
  const family = FAMILIES.find(([, pattern]) => pattern.test(agent))?.[0];
  if (/iPad|Tablet|PlayBook|Silk|Android(?!.*Mobile)/i.test(agent)) {
    return { kind: 'tablet', ...(family === undefined ? {} : { family }) };
  }
  const isPhone = request.get('Sec-CH-UA-Mobile') === '?1' || /Mobi|iPhone|iPod|Android/i.test(agent);
  return isPhone ? { kind: 'phone', ...(family === undefined ? {} : { family }) } : { kind: 'desktop' };
}

/** The first that fits counts: Windows phones call themselves all of the others. */
const FAMILIES: [string, RegExp][] = [
  ['windowsphone', /Windows Phone|IEMobile/i],
  ['ipad', /iPad/i],
  ['ipod', /iPod/i],
  ['iphone', /iPhone/i],
  ['android', /Android/i],
  ['blackberry', /BlackBerry|BB10|PlayBook/i],
];
