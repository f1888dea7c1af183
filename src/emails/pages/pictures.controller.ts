import { Controller, Get, Param, Post, Req, Res, UploadedFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can, Public } from '../../platform/auth/guard.js';
import { Invalid, NotFound } from '../../platform/errors.js';
import { KB, Takes } from '../../platform/web/bodies/contract.js';
import { DoorLimits } from '../../platform/web/admission/door_limits.js';
import { Id } from '../../platform/web/id_param.js';
import { type KeptPicture, MAX_PICTURE_BYTES, PicturesService } from './pictures.service.js';

/** Pictures of mails: taken in by the editor, served to whoever reads the mail. */
@Controller()
export class PicturesController {
  constructor(
    private readonly pictures: PicturesService,
    private readonly limits: DoorLimits,
  ) {}

  /** In memory: two megabytes at most, and only pictures are kept. */
  @Post('surveys/:id/distributions/emails/pictures')
  @Can('distributions:send')
  @Takes({ kinds: ['multipart'], bytes: MAX_PICTURE_BYTES + 16 * KB, fields: 4, file: { bytes: MAX_PICTURE_BYTES } })
  create(
    @Me() actor: Actor,
    @Id('SV') surveyId: string,
    @UploadedFile() file: { buffer?: Buffer } | undefined,
  ): Promise<KeptPicture> {
    if (file?.buffer === undefined) {
      throw new Invalid('Choose a picture.');
    }
    return this.pictures.keep(actor, surveyId, file.buffer);
  }

  /** Mail programs of other sites show it, so it may be embedded anywhere; it is nothing but a picture. */
  @Get('pictures/:token')
  @Public()
  async show(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const picture = await this.pictures.served(token);
    if (picture === undefined) {
      this.limits.miss(request.ip);
      throw new NotFound('There is no such picture.');
    }
    response.set({
      'Content-Type': picture.type,
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(picture.content);
  }
}
