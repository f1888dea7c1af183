import { Body, Controller, Get, Post, Render, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { z } from 'zod';
import { Public } from '../platform/auth/guard.js';
import { Clock } from '../platform/clock.js';
import { NetworkAllowance } from '../platform/net/network_allowance.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, goneTo } from '../platform/web/answers.js';
import { DoorLimits } from '../platform/web/admission/door_limits.js';
import { form } from '../platform/web/form.js';
import { AskedLinks } from './asked_links.js';
import { askForLink } from './people.forms.js';

/** What one network asks for: so many at once, and one more each minute. */
const ASKS = { burst: 10, perSecond: 1 / 60 };

@Controller('sign-in/mail')
@Public()
export class AskedLinksController {
  private readonly asks: NetworkAllowance;

  constructor(
    private readonly links: AskedLinks,
    private readonly limits: DoorLimits,
    clock: Clock,
  ) {
    this.asks = new NetworkAllowance(clock, ASKS);
  }

  @Get()
  @Render('people/ask_link')
  show(): object {
    return { arePossible: this.links.arePossible, layout: 'layouts/plain' };
  }

  @Post()
  create(@Body(form(askForLink)) { email }: z.infer<typeof askForLink>, @Req() { ip }: Request): Answer {
    this.limits.refuse(ip, this.asks.take(ip));
    if (this.links.arePossible) {
      this.links.ask(email, ip ?? '');
    }
    return goneTo(addresses.accounts.linkAsked());
  }

  @Get('sent')
  @Render('people/asked_link')
  sent(): object {
    return { arePossible: this.links.arePossible, layout: 'layouts/plain' };
  }
}
