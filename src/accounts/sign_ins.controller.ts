import {
  type CanActivate,
  Controller,
  Get,
  Injectable,
  Param,
  Post,
  Query,
  Render,
  Req,
  UseGuards,
} from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { Public, SignedIn } from '../platform/auth/guard.js';
import { NotFound } from '../platform/errors.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, drawn, goneTo } from '../platform/web/answers.js';
import { ownPath } from '../platform/web/form_atoms.js';
import { DoorLimits } from '../platform/web/admission/door_limits.js';
import { AccountsService } from './accounts.service.js';
import { SignInsService } from './sign_ins.service.js';
import type { User } from './user.entity.js';

/** Lets wrong passwords through without a user, so that the form can come back with what was typed. */
@Injectable()
class ByPassword extends AuthGuard('local') implements CanActivate {
  override handleRequest<T>(error: unknown, user: T | false): T {
    if (error) {
      throw error;
    }
    return (user || undefined) as T;
  }
}

@Controller()
export class SignInsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly signIns: SignInsService,
    private readonly limits: DoorLimits,
  ) {}

  @Get('sign-in')
  @Public()
  show(@Req() request: Request, @Query('next') next: unknown): Answer {
    return request.actor === undefined
      ? drawn('accounts/sign_in', { next: ownPath.parse(next), layout: 'layouts/plain' })
      : goneTo(ownPath.parse(next));
  }

  @Post('sign-in')
  @Public()
  @UseGuards(ByPassword)
  async create(@Req() request: Request): Promise<Answer> {
    const { email, next } = request.body as { email?: unknown; next?: unknown };
    if (request.user === undefined) {
      const errors = [{ name: 'email', text: 'The e-mail or the password is not right.' }];
      return drawn('accounts/sign_in', { email, next, errors, layout: 'layouts/plain' }, 422);
    }
    await this.signIns.open(request, request.user as User, 'password');
    return goneTo(ownPath.parse(next));
  }

  /** Mail scanners follow links, so the link shows a button and only the button signs in. */
  @Get('sign-in/link/:token')
  @Public()
  @Render('accounts/sign_in_link')
  showLink(@Param('token') token: string): object {
    return { token, layout: 'layouts/plain' };
  }

  @Post('sign-in/link/:token')
  @Public()
  async useLink(@Param('token') token: string, @Req() request: Request): Promise<Answer> {
    const user = await this.accounts.useSignInLink(token);
    if (user === undefined) {
      this.limits.miss(request.ip);
      throw new NotFound('This sign-in link was used already or is too old. Ask for a new one.');
    }
    await this.signIns.open(request, user, 'link');
    return goneTo(addresses.accounts.passwordOnPage());
  }

  @Post('sign-out')
  @SignedIn()
  async destroy(@Req() request: Request): Promise<Answer> {
    await this.signIns.close(request);
    return goneTo(addresses.accounts.signIn());
  }
}
