import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { AccountsService } from './accounts.service.js';
import { ApiTokensService } from './api_tokens.service.js';
import { LocalStrategy } from './local_strategy.js';
import { SignInThrottle } from './sign_in_throttle.js';
import { SignInsController } from './sign_ins.controller.js';
import { SignInsService } from './sign_ins.service.js';
import { User } from './user.entity.js';

@Module({
  imports: [MikroOrmModule.forFeature([User])],
  controllers: [SignInsController],
  providers: [AccountsService, ApiTokensService, LocalStrategy, SignInThrottle, SignInsService],
  exports: [AccountsService, ApiTokensService],
})
export class AccountsModule {}
