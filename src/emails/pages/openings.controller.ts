import { Controller, Get, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Public } from '../../platform/auth/guard.js';
import { Openings } from './openings.js';

/** One transparent pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** The invisible picture of a mail. Everybody gets the same picture for every address: it tells nothing to a stranger. */
@Controller('o')
export class OpeningsController {
  constructor(private readonly openings: Openings) {}

  @Get(':name')
  @Public()
  async show(@Param('name') name: string, @Res() response: Response): Promise<void> {
    await this.openings.record(name.replace(/\.gif$/, ''));
    response.set({
      'Content-Type': 'image/gif',
      'Cache-Control': 'no-store, private',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    response.end(PIXEL);
  }
}
