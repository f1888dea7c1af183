import { Body, Controller, Get, Post, Query, Render, Req, Res, UploadedFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { KB, MB, Takes } from '../../platform/web/bodies/contract.js';
import { sendCsv } from '../../platform/web/csv_download.js';
import { flash } from '../../platform/web/flash.js';
import { asTyped, form, refusedInput } from '../../platform/web/form.js';
import { EmailFrames } from './email_frames.js';
import { releaseSuppression, suppressionsWish } from './returns.forms.js';
import { Suppressions } from './suppressions.js';
import { SuppressionsPage } from './suppressions_page.js';

const PATH = '/brand/email/suppressions';
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
  @Render('returns/suppressions')
  index(@Me() actor: Actor, @Query(form(suppressionsWish)) wish: z.infer<typeof suppressionsWish>): Promise<object> {
    return this.page.show(actor, wish);
  }

  @Get('suppressions.csv')
  async download(@Me() actor: Actor, @Res() response: Response): Promise<void> {
    await sendCsv(response, 'suppressions.csv', this.suppressions.lines(actor));
  }

  @Post('suppressions')
  async create(
    @Me() actor: Actor,
    @Body(asTyped) { address = '' }: Record<string, string>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const refusal = await refusedInput(() => this.suppressions.add(actor, address));
    if (refusal === undefined) {
      flash(request, 'success', this.frames.say('suppressions.added', { address: address.trim() }));
      response.redirect(303, PATH);
    } else {
      const model = await this.page.show(actor, { q: '', seen: 0 }, { typed: address, refusal });
      response.status(422).render('returns/suppressions', model);
    }
  }

  @Post('suppressions/imports')
  @Takes({ kinds: ['multipart'], bytes: MOST_BYTES + 16 * KB, fields: 4, file: { bytes: MOST_BYTES } })
  async import(
    @Me() actor: Actor,
    @UploadedFile() file: { buffer: Buffer } | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.suppressions.bringIn(actor, file?.buffer ?? Buffer.alloc(0));
    flash(request, 'success', this.frames.say('suppressions.imported', { ...found }));
    response.redirect(303, PATH);
  }

  @Post('suppressions/releases')
  async release(
    @Me() actor: Actor,
    @Body(form(releaseSuppression)) { id }: z.infer<typeof releaseSuppression>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.suppressions.release(actor, id);
    flash(request, 'success', this.frames.say('suppressions.released'));
    response.redirect(303, PATH);
  }
}
