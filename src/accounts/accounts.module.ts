import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { AccountController } from './account.controller.js';
import { AccountPages } from './account_pages.js';
import { AccountTokensController } from './account_tokens.controller.js';
import { AccountsService } from './accounts.service.js';
import { ApiTokensService } from './api_tokens.service.js';
import { HomeController } from './home.controller.js';
import { LocalStrategy } from './local_strategy.js';
import { OwnAccountService } from './own_account.service.js';
import { SignInPlaces } from './sign_in_places.js';
import { SignInThrottle } from './sign_in_throttle.js';
import { SignInsController } from './sign_ins.controller.js';
import { SignInsService } from './sign_ins.service.js';
import { User } from './user.entity.js';
import { WebSessionsService } from './web_sessions.service.js';

@Module({
  imports: [MikroOrmModule.forFeature([User])],
  controllers: [HomeController, AccountController, AccountTokensController, SignInsController],
  providers: [
    AccountPages,
    AccountsService,
    ApiTokensService,
    LocalStrategy,
    OwnAccountService,
    SignInPlaces,
    SignInThrottle,
    SignInsService,
    WebSessionsService,
  ],
  exports: [AccountsService, ApiTokensService, WebSessionsService],
})
export class AccountsModule {}
