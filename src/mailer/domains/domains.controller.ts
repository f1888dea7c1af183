import { Body, Controller, Get, Param, Post, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { flash } from '../../platform/web/flash.js';
import { asTyped, parsed, refusedInput } from '../../platform/web/form.js';
import { Views } from '../../platform/web/views.js';
import { bringBack } from '../../platform/web/way_back.js';
import type { Say } from '../../platform/web/words.js';
import { DomainPage } from './domain_page.js';
import { DomainSetUpService } from './domain_set_up.service.js';
import { addDomain, changeBounces, removeDomain } from './domains.forms.js';
import { DomainsPage } from './domains_page.js';

type Typed = Record<string, string>;

@Controller('brand/email')
@Can('brand:admin')
export class DomainsController {
  private readonly say: Say;

  constructor(
    private readonly domains: DomainSetUpService,
    private readonly list: DomainsPage,
    private readonly page: DomainPage,
    views: Views,
  ) {
    this.say = views.wordsOf('mailer');
  }

  @Get()
  @Render('mailer/domains')
  async index(@Me() actor: Actor): Promise<object> {
    return this.list.index(actor);
  }

  @Get('domains/new')
  @Render('mailer/domain_new')
  new(): object {
    return this.list.blank();
  }

  @Post('domains')
  async create(
    @Me() actor: Actor,
    @Body(asTyped) typed: Typed,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    let path = '';
    const refusal = await refusedInput(async () => {
      const domain = await this.domains.add(actor, parsed(addDomain, typed));
      flash(request, 'success', this.say('domains.new.added', { domain: domain.shownName }));
      bringBack(request, 'fromDomain', domain.domain);
      path = pathOf(domain.domain);
    });
    if (refusal === undefined) {
      response.redirect(303, path);
    } else {
      response.status(422).render('mailer/domain_new', this.list.blank({ typed, refusal }));
    }
  }

  @Get('domains/:domain')
  @Render('mailer/domain')
  async show(@Me() actor: Actor, @Param('domain') name: string): Promise<object> {
    return this.page.show(actor, name);
  }

  @Get('domains/:domain/state')
  @Render('mailer/_domain')
  async state(@Me() actor: Actor, @Param('domain') name: string): Promise<object> {
    return this.page.part(actor, name);
  }

  @Post('domains/:domain/checks')
  async check(
    @Me() actor: Actor,
    @Param('domain') name: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const wait = await this.domains.askForCheck(actor, name);
    if (wait > 0) {
      flash(request, 'info', this.say('domains.show.wait', { count: wait }));
    }
    response.redirect(303, pathOf(name));
  }

  @Post('domains/:domain/keys')
  async exchangeKeys(
    @Me() actor: Actor,
    @Param('domain') name: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.domains.exchangeKeys(actor, name);
    flash(request, 'success', this.say('domains.show.exchanged'));
    response.redirect(303, pathOf(name));
  }

  @Post('domains/:domain/bounce-domain')
  async moveBounces(
    @Me() actor: Actor,
    @Param('domain') name: string,
    @Body(asTyped) typed: Typed,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const refusal = await refusedInput(async () => {
      await this.domains.changeBounces(actor, name, parsed(changeBounces, typed).bounce);
      flash(request, 'success', this.say('domains.show.bouncesMoved'));
    });
    if (refusal === undefined) {
      response.redirect(303, pathOf(name));
    } else {
      response.status(422).render('mailer/domain', await this.page.show(actor, name, { typed, refusal }));
    }
  }

  @Post('domains/:domain/removal')
  async remove(
    @Me() actor: Actor,
    @Param('domain') name: string,
    @Body(asTyped) typed: Typed,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const refusal = await refusedInput(async () => {
      await this.domains.remove(actor, name, parsed(removeDomain, typed).confirmation);
      flash(request, 'success', this.say('domains.show.removed', { domain: name }));
    });
    if (refusal === undefined) {
      response.redirect(303, '/brand/email');
    } else {
      response.status(422).render('mailer/domain', await this.page.show(actor, name, { typed, refusal }));
    }
  }
}

function pathOf(name: string): string {
  return `/brand/email/domains/${encodeURIComponent(name)}`;
}
