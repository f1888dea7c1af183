import { Body, Controller, Get, Post, Query, Render, Res, UploadedFile } from '@nestjs/common';
import type { Response } from 'express';
import type { z } from 'zod';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, goneTo, orFormAgain } from '../platform/web/answers.js';
import { KB, MB, Takes } from '../platform/web/bodies/contract.js';
import { sendCsv } from '../platform/web/csv_download.js';
import { asTyped, form } from '../platform/web/form.js';
import { EmailFrames } from './email_frames.js';
import { releaseSuppression, suppressionsWish } from './returns.forms.js';
import { Suppressions } from './suppressions.js';
import { SuppressionsPage } from './suppressions_page.js';

const PATH = addresses.deliverability.suppressions();
const MOST_BYTES = 10 * MB;

/** Addresses that nothing goes to. */
@Controller('brand/email')
@Can('directory:manage')
export class SuppressionsController {
  constructor(
    private readonly page: SuppressionsPage,
    private readonly suppressions: Suppressions,
    private readonly frames: EmailFrames,
  ) {}

  @Get('suppressions')
  @Render('deliverability/suppressions')
  index(@Me() actor: Actor, @Query(form(suppressionsWish)) wish: z.infer<typeof suppressionsWish>): Promise<object> {
    return this.page.show(actor, wish);
  }

  @Get('suppressions.csv')
  async download(@Me() actor: Actor, @Res() response: Response): Promise<void> {
    await sendCsv(response, 'suppressions.csv', this.suppressions.lines(actor));
  }

  @Post('suppressions')
  create(@Me() actor: Actor, @Body(asTyped) { address = '' }: Record<string, string>): Promise<Answer> {
    return orFormAgain(
      async () => {
        await this.suppressions.add(actor, address);
        return goneTo(PATH).saying(this.frames.say('suppressions.added', { address: address.trim() }));
      },
      async (faults) => ({
        view: 'deliverability/suppressions',
        model: await this.page.show(actor, { q: '', seen: 0 }, { typed: address, faults }),
      }),
    );
  }

  @Post('suppressions/imports')
  @Takes({ kinds: ['multipart'], bytes: MOST_BYTES + 16 * KB, fields: 4, file: { bytes: MOST_BYTES } })
  async import(@Me() actor: Actor, @UploadedFile() file: { buffer: Buffer } | undefined): Promise<Answer> {
    const found = await this.suppressions.bringIn(actor, file?.buffer ?? Buffer.alloc(0));
    return goneTo(PATH).saying(this.frames.say('suppressions.imported', { ...found }));
  }

  @Post('suppressions/releases')
  async release(
    @Me() actor: Actor,
    @Body(form(releaseSuppression)) { id }: z.infer<typeof releaseSuppression>,
  ): Promise<Answer> {
    await this.suppressions.release(actor, id);
    return goneTo(PATH).saying(this.frames.say('suppressions.released'));
  }
}
