import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-local';
import { AccountsService } from './accounts.service.js';
import { SignInPlaces } from './sign_in_places.js';
import type { User } from './user.entity.js';

/** Sign-in by e-mail and password. */
@Injectable()
export class LocalStrategy extends PassportStrategy(Strategy) {
  constructor(
    private readonly accounts: AccountsService,
    private readonly places: SignInPlaces,
  ) {
    super({ usernameField: 'email', passwordField: 'password', passReqToCallback: true });
  }

  /** Programs may send anything as JSON: what is no text signs nobody in. */
  async validate(request: Request, email: unknown, password: unknown): Promise<User | false> {
    if (typeof email !== 'string' || typeof password !== 'string') {
      return false;
    }
    return (await this.accounts.authenticate(email, password, this.places.originOf(request))) ?? false;
  }
}
