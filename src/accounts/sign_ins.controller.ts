import {
  type CanActivate,
  Controller,
  Get,
  HttpCode,
  Injectable,
  Param,
  Post,
  Query,
  Render,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request, Response } from 'express';
import { Public, SignedIn } from '../platform/auth/guard.js';
import { NotFound } from '../platform/errors.js';
import { DoorLimits } from '../platform/web/door_limits.js';
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
  show(@Req() request: Request, @Query('next') next: unknown, @Res() response: Response): void {
    if (request.actor === undefined) {
      response.render('accounts/sign_in', { next: localPath(next), layout: 'layouts/plain' });
    } else {
      response.redirect(303, localPath(next));
    }
  }

  @Post('sign-in')
  @Public()
  @UseGuards(ByPassword)
  async create(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { email, next } = request.body as { email?: unknown; next?: unknown };
    if (request.user === undefined) {
      const errors = [{ name: 'email', text: 'The e-mail or the password is not right.' }];
      response.status(422).render('accounts/sign_in', { email, next, errors, layout: 'layouts/plain' });
    } else {
      await this.signIns.open(request, request.user as User, 'password');
      response.redirect(303, localPath(next));
    }
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
  async useLink(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const user = await this.accounts.useSignInLink(token);
    if (user === undefined) {
      this.limits.miss(request.ip);
      throw new NotFound('This sign-in link was used already or is too old. Ask for a new one.');
    }
    await this.signIns.open(request, user, 'link');
    response.redirect(303, '/account#account_password');
  }

  @Post('sign-out')
  @SignedIn()
  @HttpCode(303)
  async destroy(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.signIns.close(request);
    response.redirect(303, '/sign-in');
  }
}

/** Only paths of ours: `//evil` and `/\evil` are other hosts to a browser. */
function localPath(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])[^\s\\]*$/.test(next) ? next : '/';
}
