import { Body, Controller, Get, Header, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Public } from '../../platform/auth/guard.js';
import { NotFound } from '../../platform/errors.js';
import { type Answer, drawn } from '../../platform/web/answers.js';
import { KB, Takes } from '../../platform/web/bodies/contract.js';
import { DoorLimits } from '../../platform/web/admission/door_limits.js';
import { form } from '../../platform/web/form.js';
import { optOut, type OptOutForm } from './opt_outs.forms.js';
import { OptOutsService } from './opt_outs.service.js';
import type { OptOutCase } from './opt_outs.service.js';
import { optOutPage } from './opt_outs.views.js';

/** Where the opt-out link of every mail leads. Looking changes nothing: mail scanners open links, they do not post. */
@Controller('u')
@Public()
export class OptOutsController {
  constructor(
    private readonly optOuts: OptOutsService,
    private readonly limits: DoorLimits,
  ) {}

  @Get(':token')
  @Header('Cache-Control', 'no-store')
  async show(@Param('token') token: string, @Req() request: Request): Promise<Answer> {
    return answer(request, await this.found(token, request));
  }

  /**
   * The buttons of the page, and RFC 8058: mail programs post `List-Unsubscribe=One-Click` without cookies, some without
   * a body or under another type. A post that does not come from the page is that wish, whatever it brings.
   */
  @Post(':token')
  @Takes({ kinds: ['form', 'multipart'], bytes: 16 * KB, fields: 20, isReadAtWill: true })
  async update(
    @Param('token') token: string,
    @Body(form(optOut)) wish: OptOutForm,
    @Req() request: Request,
  ): Promise<Answer> {
    const found = await this.found(token, request);
    return answer(request, found === undefined || found === 'test' ? found : await this.optOuts.fulfil(found, wish));
  }

  private async found(token: string, { ip }: Request): Promise<OptOutCase | 'test' | undefined> {
    try {
      return await this.optOuts.caseOf(token);
    } catch (error) {
      if (error instanceof NotFound) {
        this.limits.miss(ip);
        return undefined;
      }
      throw error;
    }
  }
}

function answer(request: Request, found: OptOutCase | 'test' | undefined): Answer {
  const model = optOutPage(found, request.acceptsLanguages());
  return drawn('distributions/opt_out', model, found === undefined ? 404 : 200);
}
