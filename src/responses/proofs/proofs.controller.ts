import { Controller, Get, Header, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Public } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, drawn, goneTo } from '../../platform/web/answers.js';
import { WithoutForeignPictures } from '../../platform/web/security.js';
import { Tickets } from '../sessions/tickets.js';
import type { Visit } from '../visit.js';
import { Visits } from '../visits.js';
import { WalkCookies } from '../sessions/walk_cookies.js';
import { newBrowser } from './walk_browsers.js';
import { proofPlaces } from './elsewhere.views.js';
import { codeModel, type Problem } from './proofs.views.js';
import type { Provable } from './provable.js';
import { Proving } from './proving.js';

/** On another device: a code to the invited address, and its proof. Where there is nothing to prove, the walk goes on. */
@Controller('s/:token')
@WithoutForeignPictures()
export class ProofsController {
  constructor(
    private readonly visits: Visits,
    private readonly proving: Proving,
    private readonly tickets: Tickets,
    private readonly cookies: WalkCookies,
  ) {}

  /**
   * Changes nothing, whoever follows the link. A phone that has put the page away while somebody reads the mail asks anew for
   * the address of the form.
   */
  @Get(['code', 'proof'])
  @Public()
  @Header('Cache-Control', 'no-store')
  show(@Req() request: Request): Promise<Answer> {
    return this.answer(request, async (visit) => this.drawOrGoOn(visit, await this.proving.look(visit)));
  }

  @Post('code')
  @Public()
  @Header('Cache-Control', 'no-store')
  ask(@Req() request: Request): Promise<Answer> {
    return this.answer(request, async (visit) => {
      const asked = await this.proving.ask(visit);
      if (asked.kind === 'wait') {
        const seconds = Math.ceil((asked.until.getTime() - visit.now.getTime()) / 1000);
        return this.draw(visit, asked, asked, 429, { 'Retry-After': String(Math.max(1, seconds)) });
      }
      if (asked.kind === 'unable') {
        return this.draw(visit, asked, asked, 503);
      }
      const places = proofPlaces(visit);
      return goneTo(asked.kind === 'sent' ? places.code : places.page);
    });
  }

  @Post('proof')
  @Public()
  @Header('Cache-Control', 'no-store')
  offer(@Req() request: Request): Promise<Answer> {
    return this.answer(request, async (visit) => {
      const { code, browser } = (request.body ?? {}) as Record<string, unknown>;
      const own = visit.browser ?? this.tickets.readBrowser(visit.way, browser);
      const offered = await this.proving.offer(visit, typeof code === 'string' ? code : '', own);
      if (offered.kind === 'wrong') {
        return this.draw(visit, offered, offered, 422);
      }
      const next = goneTo(proofPlaces(visit).page);
      return offered.kind === 'proven'
        ? next.keeping(this.cookies.ofBrowser(visit.way, offered.browser, offered.until))
        : next;
    });
  }

  /** A link that leads nowhere leads to the page that says so. */
  private async answer(request: Request, act: (visit: Visit) => Promise<Answer>): Promise<Answer> {
    const visit = await this.visits.of(request);
    return visit === undefined ? goneTo(addresses.respondents.link(String(request.params['token']))) : act(visit);
  }

  private drawOrGoOn(visit: Visit, provable: Provable | undefined): Answer {
    return provable === undefined ? goneTo(proofPlaces(visit).page) : this.draw(visit, provable);
  }

  private draw(
    visit: Visit,
    provable: Provable,
    problem?: Problem,
    status = 200,
    headers: Record<string, string> = {},
  ): Answer {
    const browser = visit.browser === undefined ? this.tickets.ofBrowser(visit.way, newBrowser()) : undefined;
    return drawn('responses/code', codeModel(visit, provable, browser, problem), status, headers);
  }
}
