import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Global, Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AuditTrail } from '../platform/auth/audit_trail.js';
import { Identification } from '../platform/auth/guard.js';
import { AdministratorsService } from './administrators.service.js';
import { ApiDoor } from './api_door.js';
import { ApiRates } from './api_rates.js';
import { AuditController } from './audit.controller.js';
import { AuditPage } from './audit_page.js';
import { AuditService } from './audit.service.js';
import { Brand } from './brand.entity.js';
import { BrandController } from './brand.controller.js';
import { BrandPage } from './brand_page.js';
import { BrandWords } from './brand_words.js';
import { BrandsService } from './brands.service.js';
import { DivisionsController } from './divisions.controller.js';
import { DivisionsService } from './divisions.service.js';
import { IdentificationByAccount } from './identification.js';
import { PermissionsService } from './permissions.service.js';
import { UserType } from './user_type.entity.js';
import { WhoamiApi } from './whoami.api.js';

/** Global because the guard of every route asks it who is there and what they may do. */
@Global()
@Module({
  imports: [AccountsModule, MikroOrmModule.forFeature([Brand, UserType])],
  controllers: [DivisionsController, BrandController, AuditController, WhoamiApi],
  providers: [
    AdministratorsService,
    ApiDoor,
    ApiRates,
    AuditPage,
    AuditService,
    BrandPage,
    BrandWords,
    BrandsService,
    DivisionsService,
    IdentificationByAccount,
    PermissionsService,
    { provide: AuditTrail, useExisting: AuditService },
    { provide: Identification, useExisting: IdentificationByAccount },
  ],
  exports: [
    AdministratorsService,
    AuditService,
    AuditTrail,
    BrandsService,
    DivisionsService,
    Identification,
    IdentificationByAccount,
    PermissionsService,
  ],
})
export class BrandsModule {}
