import { Controller, Get } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import { InEnvelope } from '../platform/api/envelope.js';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { Ids } from '../platform/ids.js';
import { BrandsService } from './brands.service.js';

/** Whose token this is; clients ask it first to see whether address and token are right. */
@Controller('API/v3/whoami')
@InEnvelope()
export class WhoamiApi {
  constructor(
    private readonly accounts: AccountsService,
    private readonly brands: BrandsService,
    private readonly ids: Ids,
  ) {}

  @Get()
  @Can('api:access')
  async show(@Me() actor: Actor): Promise<object> {
    const user = await this.accounts.mustFind(actor.brandId, actor.userId);
    const brand = await this.brands.of(actor.brandId);
    return {
      brandId: brand.slug,
      userId: this.ids.show('UR', user.id),
      userName: user.email,
      userType: this.ids.show('UT', user.userTypeId),
      firstName: user.firstName,
      lastName: user.lastName,
      email: user.email,
      organizationId: brand.slug,
      timeZone: user.timeZone,
      language: user.language,
    };
  }
}
