import { Body, Controller, Get, Param, Post, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { flash } from '../../platform/web/flash.js';
import { form } from '../../platform/web/form.js';
import { orAgain } from '../../platform/web/form_again.js';
import { DistributionWords } from '../distribution_words.js';
import { decideFollowUps, writeRule, type WrittenRule } from './frequency.forms.js';
import { FrequencyPages } from './frequency_pages.js';
import { FrequencyRulesService } from './frequency_rules.service.js';

const VIEW = 'distributions/frequency/form';

/** Frequency rules of the brand: the list, one of them, on and off. */
@Controller('frequency-rules')
export class FrequencyRulesController {
  constructor(
    private readonly pages: FrequencyPages,
    private readonly rules: FrequencyRulesService,
    private readonly words: DistributionWords,
  ) {}

  @Get()
  @Can('contacts:view')
  @Render('distributions/frequency/index')
  index(@Me() actor: Actor): Promise<object> {
    return this.pages.index(actor);
  }

  @Get('new')
  @Can('directory:manage')
  @Render(VIEW)
  create(@Me() actor: Actor): Promise<object> {
    return this.pages.form(actor, {});
  }

  @Post()
  @Can('directory:manage')
  async save(
    @Me() actor: Actor,
    @Body(form(writeRule)) written: WrittenRule,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await orAgain(
      response,
      async () => {
        await this.rules.create(actor, await this.pages.read(actor, written));
        this.back(request, response, 'frequency.saved');
      },
      async (refused) => ({ view: VIEW, model: await this.pages.form(actor, { written, refused }) }),
    );
  }

  @Post('follow-ups')
  @Can('directory:manage')
  async decide(
    @Me() actor: Actor,
    @Body(form(decideFollowUps)) { holds }: { holds: boolean },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.rules.decideForFollowUps(actor, holds);
    this.back(request, response, 'frequency.saved');
  }

  @Get(':rule')
  @Can('directory:manage')
  @Render(VIEW)
  async edit(@Me() actor: Actor, @Param('rule') shown: string): Promise<object> {
    return this.pages.form(actor, { rule: await this.rules.mustFind(actor, this.pages.ruleId(shown)) });
  }

  @Post(':rule')
  @Can('directory:manage')
  async update(
    @Me() actor: Actor,
    @Param('rule') shown: string,
    @Body(form(writeRule)) written: WrittenRule,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const rule = await this.rules.mustFind(actor, this.pages.ruleId(shown));
    await orAgain(
      response,
      async () => {
        await this.rules.update(actor, rule.id, await this.pages.read(actor, written));
        this.back(request, response, 'frequency.saved');
      },
      async (refused) => ({ view: VIEW, model: await this.pages.form(actor, { rule, written, refused }) }),
    );
  }

  @Post(':rule/on')
  @Can('directory:manage')
  async turnOn(@Me() actor: Actor, @Param('rule') shown: string, @Req() request: Request, @Res() response: Response) {
    await this.rules.turn(actor, this.pages.ruleId(shown), true);
    this.back(request, response, 'frequency.turnedOn');
  }

  @Post(':rule/off')
  @Can('directory:manage')
  async turnOff(@Me() actor: Actor, @Param('rule') shown: string, @Req() request: Request, @Res() response: Response) {
    await this.rules.turn(actor, this.pages.ruleId(shown), false);
    this.back(request, response, 'frequency.turnedOff');
  }

  @Post(':rule/removal')
  @Can('directory:manage')
  async destroy(@Me() actor: Actor, @Param('rule') shown: string, @Req() request: Request, @Res() response: Response) {
    await this.rules.remove(actor, this.pages.ruleId(shown));
    this.back(request, response, 'frequency.removed');
  }

  private back(request: Request, response: Response, words: string): void {
    flash(request, 'success', this.words.say(words));
    response.redirect(303, '/frequency-rules');
  }
}
