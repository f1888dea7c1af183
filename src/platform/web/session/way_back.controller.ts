import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import { SignedIn } from '../../auth/guard.js';
import { type Answer, goneTo } from '../answers.js';
import { form } from '../form.js';
import { ownPath } from '../form_atoms.js';

const endWay = z.object({
  /** The page on which it was ended. */
  here: ownPath,
});

/** The bar that leads back to where somebody came from. */
@Controller('way-back')
@SignedIn()
export class WayBackController {
  /** Takes the bar away: an empty answer for the page that is open, or that page again where there is no script. */
  @Post('end')
  @HttpCode(200)
  end(@Body(form(endWay)) { here }: { here: string }, @Req() request: Request): Answer | undefined {
    delete request.session.wayBack;
    return request.get('HX-Request') === 'true' ? undefined : goneTo(here);
  }
}
