import { Controller, Get, Query, Render } from '@nestjs/common';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { AuditPage } from './audit_page.js';

@Controller('brand/audit')
@Can('audit:view')
export class AuditController {
  constructor(private readonly page: AuditPage) {}

  @Get()
  @Render('brands/audit')
  async index(@Me() actor: Actor, @Query('before') before: string | undefined): Promise<object> {
    return this.page.show(actor, before !== undefined && /^\d{1,18}$/.test(before) ? before : undefined);
  }
}
