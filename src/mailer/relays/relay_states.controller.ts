import { Controller, Param, Post, Redirect, Req } from '@nestjs/common';
import type { Request } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { flash } from '../../platform/web/flash.js';
import { RelaysPage } from './relays_page.js';
import { RelaysService } from './relays.service.js';
import { TestMails } from './test_mails.js';

const LIST = '/brand/email/relays';

/** What is done to one relay from the list. */
@Controller('brand/email/relays/:id')
@Can('brand:admin')
export class RelayStatesController {
  constructor(
    private readonly relays: RelaysService,
    private readonly testMails: TestMails,
    private readonly page: RelaysPage,
  ) {}

  @Post('rest')
  @Redirect(LIST, 303)
  rest(@Me() actor: Actor, @Param('id') id: string): Promise<void> {
    return this.relays.enable(actor, this.page.read(id), false);
  }

  @Post('service')
  @Redirect(LIST, 303)
  service(@Me() actor: Actor, @Param('id') id: string): Promise<void> {
    return this.relays.enable(actor, this.page.read(id), true);
  }

  @Post('promotion')
  @Redirect(LIST, 303)
  promote(@Me() actor: Actor, @Param('id') id: string): Promise<void> {
    return this.relays.moveUp(actor, this.page.read(id));
  }

  @Post('checks')
  @Redirect(LIST, 303)
  async check(@Me() actor: Actor, @Param('id') id: string, @Req() request: Request): Promise<void> {
    const trouble = await this.relays.check(actor, this.page.read(id));
    if (trouble === '') flash(request, 'success', this.page.say('relays.works'));
    else flash(request, 'error', this.page.say('relays.fails', { words: trouble }));
  }

  @Post('test-mails')
  @Redirect(LIST, 303)
  async send(@Me() actor: Actor, @Param('id') id: string, @Req() request: Request): Promise<void> {
    const relay = await this.relays.show(actor, this.page.read(id));
    const { status, text } = await this.testMails.send(actor, relay);
    const isTaken = status === 'accepted';
    const words = { email: actor.email, words: text };
    flash(
      request,
      isTaken ? 'success' : 'error',
      this.page.say(isTaken ? 'relays.testSent' : 'relays.testFailed', words),
    );
  }
}
