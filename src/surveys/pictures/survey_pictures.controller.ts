import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Public } from '../../platform/auth/guard.js';
import { NotFound } from '../../platform/errors.js';
import { DoorLimits } from '../../platform/web/admission/door_limits.js';
import { SurveyPictures } from './survey_pictures.js';

/** Pictures of surveys, for whoever answers: nothing but pictures, under names that nobody can guess. */
@Controller('survey-pictures')
export class SurveyPicturesController {
  constructor(
    private readonly pictures: SurveyPictures,
    private readonly limits: DoorLimits,
  ) {}

  @Get(':key')
  @Public()
  async show(@Param('key') key: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const picture = /^[\w-]{32}$/.test(key) ? await this.pictures.served(key) : undefined;
    if (picture === undefined) {
      this.limits.miss(request.ip);
      throw new NotFound('There is no such picture.');
    }
    response.set({
      'Content-Type': picture.type,
      // The same address may show a newer picture one day: a day is long enough for a walk, and for a second one.
      'Cache-Control': 'public, max-age=86400',
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(picture.content);
  }
}
