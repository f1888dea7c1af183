import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { type Answer, drawn, goneTo } from '../../platform/web/answers.js';
import { form } from '../../platform/web/form.js';
import { unlessLonger } from '../../platform/web/form_atoms.js';
import { SendToPage } from './send_to_page.js';

const sendTo = z.object({
  /** Public id of the list, segment or contact. */
  to: unlessLonger(40),
});

/** From people to a mail: which survey they get. Where there is only one, its mail is on the screen at once. */
@Controller('send')
@Can('distributions:send')
export class SendToController {
  constructor(private readonly page: SendToPage) {}

  @Get()
  async show(@Me() actor: Actor, @Query(form(sendTo)) { to }: { to: string }): Promise<Answer> {
    const surveys = await this.page.surveys(actor);
    return surveys.length === 1
      ? goneTo(this.page.composeUrl(surveys[0]!.id, to))
      : drawn('distributions/send_to', await this.page.show(actor, to, surveys));
  }
}
