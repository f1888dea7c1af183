import { Body, Controller, Get, Post, Query, Render } from '@nestjs/common';
import type { z } from 'zod';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, goneTo } from '../platform/web/answers.js';
import { form } from '../platform/web/form.js';
import { DeliverabilityPage } from './deliverability_page.js';
import { ReturnedPage } from './returned_page.js';
import { deliverabilityWish, returnedWish, turnWarmUp } from './returns.forms.js';
import { WarmUpsPage } from './warm_ups_page.js';

/** How mails fare, what came back, and how fast new domains may grow. */
@Controller('brand/email')
@Can('brand:admin')
export class DeliverabilityController {
  constructor(
    private readonly deliverability: DeliverabilityPage,
    private readonly returned: ReturnedPage,
    private readonly warmUps: WarmUpsPage,
  ) {}

  @Get('deliverability')
  @Render('deliverability/deliverability')
  index(
    @Me() actor: Actor,
    @Query(form(deliverabilityWish)) wish: z.infer<typeof deliverabilityWish>,
  ): Promise<object> {
    return this.deliverability.show(actor, wish);
  }

  @Get('returned')
  @Render('deliverability/returned')
  returns(@Me() actor: Actor, @Query(form(returnedWish)) wish: z.infer<typeof returnedWish>): Promise<object> {
    return this.returned.show(actor, wish);
  }

  @Get('warm-ups')
  @Render('deliverability/warm_ups')
  plans(@Me() actor: Actor): Promise<object> {
    return this.warmUps.show(actor);
  }

  @Post('warm-ups')
  async turn(
    @Me() actor: Actor,
    @Body(form(turnWarmUp)) { domain, turn }: z.infer<typeof turnWarmUp>,
  ): Promise<Answer> {
    return goneTo(addresses.deliverability.warmUps()).saying(await this.warmUps.turn(actor, domain, turn === 'on'));
  }
}
