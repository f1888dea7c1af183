import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { form } from '../../platform/web/form.js';
import { DistributionWords } from '../distribution_words.js';
import { AutosavePart } from './autosave_part.js';
import { type Pressed, pressButton, writeMail, type Written } from './compositions.forms.js';

/** What stands in the form of a mail while it is written. */
@Controller('surveys/:id/distributions/emails/autosave')
@Can('distributions:send')
export class AutosavesController {
  constructor(
    private readonly part: AutosavePart,
    private readonly words: DistributionWords,
  ) {}

  /** Answers with parts of the page, and with the draft's address for the browser's own line. */
  @Post()
  async keep(
    @Me() actor: Actor,
    @Param('id') id: string,
    @Body(form(writeMail)) written: Written,
    @Body(form(pressButton)) pressed: Pressed,
    @Res() response: Response,
  ): Promise<void> {
    const { status, model, url } = await this.part.keep(actor, this.words.surveyIdOf(id), written, pressed);
    response.set(url === undefined ? {} : { 'HX-Replace-Url': url });
    response.status(status).render('distributions/autosaved', model);
  }
}
