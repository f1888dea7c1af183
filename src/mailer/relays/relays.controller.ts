import { Body, Controller, Get, Post, Redirect, Render } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, goneTo, orFormAgain } from '../../platform/web/answers.js';
import { asTyped, parsed } from '../../platform/web/form.js';
import { Id } from '../../platform/web/id_param.js';
import { relayForm } from './relays.forms.js';
import { RelaysPage } from './relays_page.js';
import { RelaysService } from './relays.service.js';

const LIST = addresses.mailer.relays();

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
  create(@Me() actor: Actor, @Body(asTyped) typed: Record<string, string>): Promise<Answer> {
    return orFormAgain(
      async () => {
        await this.relays.add(actor, parsed(relayForm, typed));
        return goneTo(LIST).saying(this.page.say('relays.added'));
      },
      (faults) => ({ view: 'mailer/relay', model: this.page.form({ typed, faults }) }),
    );
  }

  @Get(':id')
  @Render('mailer/relay')
  async edit(@Me() actor: Actor, @Id('RL') id: string): Promise<object> {
    return this.page.form({ relay: await this.relays.show(actor, id) });
  }

  @Post(':id')
  async update(
    @Me() actor: Actor,
    @Id('RL') id: string,
    @Body(asTyped) typed: Record<string, string>,
  ): Promise<Answer> {
    const relay = await this.relays.show(actor, id);
    return orFormAgain(
      async () => {
        await this.relays.change(actor, relay.id, parsed(relayForm, typed));
        return goneTo(LIST).saying(this.page.say('relays.changed'));
      },
      (faults) => ({ view: 'mailer/relay', model: this.page.form({ relay, typed, faults }) }),
    );
  }

  @Post(':id/deletion')
  @Redirect(LIST, 303)
  async remove(@Me() actor: Actor, @Id('RL') id: string): Promise<void> {
    await this.relays.remove(actor, id);
  }
}
