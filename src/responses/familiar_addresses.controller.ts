import { Controller, Get, Param, Redirect, Req } from '@nestjs/common';
import type { Request } from 'express';
import { Public } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';

/** Scripts build the address of a survey from its id as they are used to; it leads to the open link, wishes and all. */
@Controller('jfe/form')
@Public()
export class FamiliarAddressesController {
  @Get(':survey')
  @Redirect()
  show(@Param('survey') survey: string, @Req() { originalUrl }: Request): { url: string; statusCode: number } {
    const query = originalUrl.includes('?') ? originalUrl.slice(originalUrl.indexOf('?')) : '';
    return { url: addresses.respondents.anonymous(survey) + query, statusCode: 302 };
  }
}
