import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Public } from '../../platform/auth/guard.js';
import { withoutForeignPictures } from '../../platform/web/security.js';
import { Tickets } from '../tickets.js';
import type { Visit } from '../visit.js';
import { Visits } from '../visits.js';
import { WalkCookies } from '../walk_cookies.js';
import { newBrowser } from './walk_browsers.js';
import { proofPlaces } from './elsewhere.views.js';
import { codeModel, type Problem } from './proofs.views.js';
import { type Provable, Proving } from './proving.js';

/** On another device: a code to the invited address, and its proof. Where there is nothing to prove, the walk goes on. */
@Controller('s/:token')
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
  async show(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response, async (visit) => {
      const provable = await this.proving.look(visit);
      this.drawOrGoOn(response, visit, provable);
    });
  }

  @Post('code')
  @Public()
  async ask(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response, async (visit) => {
      const asked = await this.proving.ask(visit);
      if (asked.kind === 'wait') {
        const seconds = Math.ceil((asked.until.getTime() - visit.now.getTime()) / 1000);
        response.status(429).setHeader('Retry-After', String(Math.max(1, seconds)));
        this.drawOrGoOn(response, visit, asked, asked);
      } else if (asked.kind === 'unable') {
        response.status(503);
        this.drawOrGoOn(response, visit, asked, asked);
      } else {
        const places = proofPlaces(visit);
        seeOther(response, asked.kind === 'sent' ? places.code : places.page);
      }
    });
  }

  @Post('proof')
  @Public()
  async offer(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response, async (visit) => {
      const { code, browser } = (request.body ?? {}) as Record<string, unknown>;
      const own = visit.browser ?? this.tickets.readBrowser(visit.way, browser);
      const offered = await this.proving.offer(visit, typeof code === 'string' ? code : '', own);
      if (offered.kind === 'wrong') {
        response.status(422);
        this.drawOrGoOn(response, visit, offered, offered);
        return;
      }
      if (offered.kind === 'proven') {
        this.cookies.keepBrowser(response, visit.way, offered.browser, offered.until);
      }
      seeOther(response, proofPlaces(visit).page);
    });
  }

  /** A link that leads nowhere leads to the page that says so. */
  private async answer(request: Request, response: Response, act: (visit: Visit) => Promise<void>): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    withoutForeignPictures(response);
    const visit = await this.visits.of(request);
    await (visit === undefined ? seeOther(response, `/s/${String(request.params['token'])}`) : act(visit));
  }

  private drawOrGoOn(response: Response, visit: Visit, provable: Provable | undefined, problem?: Problem): void {
    if (provable === undefined) {
      seeOther(response, proofPlaces(visit).page);
      return;
    }
    const browser = visit.browser === undefined ? this.tickets.ofBrowser(visit.way, newBrowser()) : undefined;
    response.render('responses/code', codeModel(visit, provable, browser, problem));
  }
}

function seeOther(response: Response, address: string): void {
  response.status(303).setHeader('Location', address).end();
}
