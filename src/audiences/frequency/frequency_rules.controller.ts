import { Body, Controller, Get, Post, Render } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, goneTo, orFormAgain } from '../../platform/web/answers.js';
import { form } from '../../platform/web/form.js';
import { Id } from '../../platform/web/id_param.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
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
  save(@Me() actor: Actor, @Body(form(writeRule)) written: WrittenRule): Promise<Answer> {
    return orFormAgain(
      async () => {
        await this.rules.create(actor, await this.pages.read(actor, written));
        return this.back('frequency.saved');
      },
      async (refused) => ({ view: VIEW, model: await this.pages.form(actor, { written, refused }) }),
    );
  }

  @Post('follow-ups')
  @Can('directory:manage')
  async decide(@Me() actor: Actor, @Body(form(decideFollowUps)) { holds }: { holds: boolean }): Promise<Answer> {
    await this.rules.decideForFollowUps(actor, holds);
    return this.back('frequency.saved');
  }

  @Get(':rule')
  @Can('directory:manage')
  @Render(VIEW)
  async edit(@Me() actor: Actor, @Id('FR', 'rule') ruleId: string): Promise<object> {
    return this.pages.form(actor, { rule: await this.rules.mustFind(actor, ruleId) });
  }

  @Post(':rule')
  @Can('directory:manage')
  async update(
    @Me() actor: Actor,
    @Id('FR', 'rule') ruleId: string,
    @Body(form(writeRule)) written: WrittenRule,
  ): Promise<Answer> {
    const rule = await this.rules.mustFind(actor, ruleId);
    return orFormAgain(
      async () => {
        await this.rules.update(actor, rule.id, await this.pages.read(actor, written));
        return this.back('frequency.saved');
      },
      async (refused) => ({ view: VIEW, model: await this.pages.form(actor, { rule, written, refused }) }),
    );
  }

  @Post(':rule/on')
  @Can('directory:manage')
  async turnOn(@Me() actor: Actor, @Id('FR', 'rule') ruleId: string): Promise<Answer> {
    await this.rules.turn(actor, ruleId, true);
    return this.back('frequency.turnedOn');
  }

  @Post(':rule/off')
  @Can('directory:manage')
  async turnOff(@Me() actor: Actor, @Id('FR', 'rule') ruleId: string): Promise<Answer> {
    await this.rules.turn(actor, ruleId, false);
    return this.back('frequency.turnedOff');
  }

  @Post(':rule/removal')
  @Can('directory:manage')
  async destroy(@Me() actor: Actor, @Id('FR', 'rule') ruleId: string): Promise<Answer> {
    await this.rules.remove(actor, ruleId);
    return this.back('frequency.removed');
  }

  private back(words: string): Answer {
    return goneTo(addresses.frequency.rules()).saying(this.words.say(words));
  }
}
