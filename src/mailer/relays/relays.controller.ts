import { Body, Controller, Get, Param, Post, Redirect, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { flash } from '../../platform/web/flash.js';
import { asTyped, parsed, refusedInput } from '../../platform/web/form.js';
import { relayForm } from './relays.forms.js';
import { RelaysPage } from './relays_page.js';
import { RelaysService } from './relays.service.js';

const LIST = '/brand/email/relays';

/** The relays of a brand: what mails leave by, in which order. */
@Controller('brand/email/relays')
@Can('brand:admin')
export class RelaysController {
  constructor(
    private readonly relays: RelaysService,
    private readonly page: RelaysPage,
  ) {}

  @Get()
  @Render('mailer/relays')
  index(@Me() actor: Actor): Promise<object> {
    return this.page.list(actor);
  }

  @Get('new')
  @Render('mailer/relay')
  make(): object {
    return this.page.form();
  }

  @Post()
  async create(
    @Me() actor: Actor,
    @Body(asTyped) typed: Record<string, string>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const refusal = await refusedInput(() => this.relays.add(actor, parsed(relayForm, typed)));
    if (refusal === undefined) {
      flash(request, 'success', this.page.say('relays.added'));
      response.redirect(303, LIST);
    } else {
      response.status(422).render('mailer/relay', this.page.form({ typed, refusal }));
    }
  }

  @Get(':id')
  @Render('mailer/relay')
  async edit(@Me() actor: Actor, @Param('id') id: string): Promise<object> {
    return this.page.form({ relay: await this.relays.show(actor, this.page.read(id)) });
  }

  @Post(':id')
  async update(
    @Me() actor: Actor,
    @Param('id') id: string,
    @Body(asTyped) typed: Record<string, string>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const relay = await this.relays.show(actor, this.page.read(id));
    const refusal = await refusedInput(() => this.relays.change(actor, relay.id, parsed(relayForm, typed)));
    if (refusal === undefined) {
      flash(request, 'success', this.page.say('relays.changed'));
      response.redirect(303, LIST);
    } else {
      response.status(422).render('mailer/relay', this.page.form({ relay, typed, refusal }));
    }
  }

  @Post(':id/deletion')
  @Redirect(LIST, 303)
  async remove(@Me() actor: Actor, @Param('id') id: string): Promise<void> {
    await this.relays.remove(actor, this.page.read(id));
  }
}
