import { Controller, Post, Redirect } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, goneTo } from '../../platform/web/answers.js';
import { Id } from '../../platform/web/id_param.js';
import { RelaysPage } from './relays_page.js';
import { RelaysService } from './relays.service.js';
import { TestMails } from './test_mails.js';

const LIST = addresses.mailer.relays();

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
  rest(@Me() actor: Actor, @Id('RL') id: string): Promise<void> {
    return this.relays.enable(actor, id, false);
  }

  @Post('service')
  @Redirect(LIST, 303)
  service(@Me() actor: Actor, @Id('RL') id: string): Promise<void> {
    return this.relays.enable(actor, id, true);
  }

  @Post('promotion')
  @Redirect(LIST, 303)
  promote(@Me() actor: Actor, @Id('RL') id: string): Promise<void> {
    return this.relays.moveUp(actor, id);
  }

  @Post('checks')
  async check(@Me() actor: Actor, @Id('RL') id: string): Promise<Answer> {
    const trouble = await this.relays.check(actor, id);
    return trouble === ''
      ? goneTo(LIST).saying(this.page.say('relays.works'))
      : goneTo(LIST).saying(this.page.say('relays.fails', { words: trouble }), 'error');
  }

  @Post('test-mails')
  async send(@Me() actor: Actor, @Id('RL') id: string): Promise<Answer> {
    const relay = await this.relays.show(actor, id);
    const { status, text } = await this.testMails.send(actor, relay);
    const words = { email: actor.email, words: text };
    return status === 'accepted'
      ? goneTo(LIST).saying(this.page.say('relays.testSent', words))
      : goneTo(LIST).saying(this.page.say('relays.testFailed', words), 'error');
  }
}
