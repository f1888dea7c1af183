import { Body, Controller, Get, Param, Post, Render, Req } from '@nestjs/common';
import type { Request } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, goneTo, orFormAgain } from '../../platform/web/answers.js';
import { asTyped, parsed } from '../../platform/web/form.js';
import { Views } from '../../platform/web/views.js';
import { bringBack } from '../../platform/web/session/way_back.js';
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
  create(@Me() actor: Actor, @Body(asTyped) typed: Typed, @Req() request: Request): Promise<Answer> {
    return orFormAgain(
      async () => {
        const { domain, shownName } = await this.domains.add(actor, parsed(addDomain, typed));
        bringBack(request, 'fromDomain', domain);
        return goneTo(addresses.mailer.domain(domain)).saying(this.say('domains.new.added', { domain: shownName }));
      },
      (faults) => ({ view: 'mailer/domain_new', model: this.list.blank({ typed, faults }) }),
    );
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
  async check(@Me() actor: Actor, @Param('domain') name: string): Promise<Answer> {
    const wait = await this.domains.askForCheck(actor, name);
    const back = goneTo(addresses.mailer.domain(name));
    return wait > 0 ? back.saying(this.say('domains.show.wait', { count: wait }), 'info') : back;
  }

  @Post('domains/:domain/keys')
  async exchangeKeys(@Me() actor: Actor, @Param('domain') name: string): Promise<Answer> {
    await this.domains.exchangeKeys(actor, name);
    return goneTo(addresses.mailer.domain(name)).saying(this.say('domains.show.exchanged'));
  }

  @Post('domains/:domain/bounce-domain')
  moveBounces(@Me() actor: Actor, @Param('domain') name: string, @Body(asTyped) typed: Typed): Promise<Answer> {
    return orFormAgain(
      async () => {
        await this.domains.changeBounces(actor, name, parsed(changeBounces, typed).bounce);
        return goneTo(addresses.mailer.domain(name)).saying(this.say('domains.show.bouncesMoved'));
      },
      async (faults) => ({ view: 'mailer/domain', model: await this.page.show(actor, name, { typed, faults }) }),
    );
  }

  @Post('domains/:domain/removal')
  remove(@Me() actor: Actor, @Param('domain') name: string, @Body(asTyped) typed: Typed): Promise<Answer> {
    return orFormAgain(
      async () => {
        await this.domains.remove(actor, name, parsed(removeDomain, typed).confirmation);
        return goneTo(addresses.mailer.domains()).saying(this.say('domains.show.removed', { domain: name }));
      },
      async (faults) => ({ view: 'mailer/domain', model: await this.page.show(actor, name, { typed, faults }) }),
    );
  }
}
