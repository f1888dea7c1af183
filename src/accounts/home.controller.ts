import { Controller, Get, Redirect } from '@nestjs/common';
import { SignedIn } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';

/** The bare address of the installation leads to the surveys; the guard sends strangers to the sign-in page. */
@Controller()
export class HomeController {
  @Get()
  @SignedIn()
  @Redirect(addresses.surveys.list(), 303)
  show(): void {}
}
