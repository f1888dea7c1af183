import { Body, Controller, Post } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { type Answer, drawn } from '../../platform/web/answers.js';
import { form } from '../../platform/web/form.js';
import { Id } from '../../platform/web/id_param.js';
import { AutosavePart } from './autosave_part.js';
import { type Pressed, pressButton, writeMail, type Written } from './compositions.forms.js';

/** What stands in the form of a mail while it is written. */
@Controller('surveys/:id/distributions/emails/autosave')
@Can('distributions:send')
export class AutosavesController {
  constructor(private readonly part: AutosavePart) {}

  /** Answers with parts of the page, and with the draft's address for the browser's own line. */
  @Post()
  async keep(
    @Me() actor: Actor,
    @Id('SV') surveyId: string,
    @Body(form(writeMail)) written: Written,
    @Body(form(pressButton)) pressed: Pressed,
  ): Promise<Answer> {
    const { status, model, url } = await this.part.keep(actor, surveyId, written, pressed);
    return drawn('distributions/autosaved', model, status, url === undefined ? {} : { 'HX-Replace-Url': url });
  }
}
