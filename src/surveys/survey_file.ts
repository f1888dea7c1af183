import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  PayloadTooLargeException,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { Invalid } from '../platform/errors.js';
import { MAX_SURVEY_BYTES, type SurveyFile } from './survey_uploads.service.js';

const Parser = FileInterceptor('file', {
  limits: { fileSize: MAX_SURVEY_BYTES, files: 1, fields: 10, fieldSize: 100_000 },
});

/** Requests whose file was cut off at the limit. */
const tooLarge = new WeakSet<Request>();

/** What the multipart parser gives of a file. */
export interface SentFile {
  originalname: string;
  buffer: Buffer;
}

/**
 * Reads the field `file` of a multipart form into memory, up to 20 MB. A larger one is not refused here, where the
 * form that it came from is unknown, but by `surveyFile`.
 */
@Injectable()
export class SurveyFileInterceptor implements NestInterceptor {
  private readonly parser = new Parser();

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    try {
      return await this.parser.intercept(context, next);
    } catch (error) {
      if (!(error instanceof PayloadTooLargeException)) {
        throw error;
      }
      tooLarge.add(context.switchToHttp().getRequest<Request>());
      return next.handle();
    }
  }
}

/** Whether the request's file was larger than 20 MB and was not kept. */
export function isCutOff(request: Request): boolean {
  return tooLarge.has(request);
}

/** The file that was sent. @throws {Invalid} when there is none or it is too large */
export function surveyFile(request: Request, file: SentFile | undefined): SurveyFile {
  if (isCutOff(request)) {
    throw new Invalid('This file is too large.', { file: 'A survey file may have 20 MB; this one is larger.' });
  }
  if (file === undefined) {
    throw new Invalid('Choose a file first.', { file: 'Choose a survey file (.qsf) first.' });
  }
  // Browsers send names in UTF-8, and multer reads them as latin1.
  return { name: Buffer.from(file.originalname, 'latin1').toString('utf8'), content: file.buffer };
}
