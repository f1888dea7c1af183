import { Body, Controller, Get, Param, Post, Query, Render, Req, UploadedFile } from '@nestjs/common';
import type { Request } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, type Faults, goneTo, NO_FAULTS, orFormAgain } from '../../platform/web/answers.js';
import { MB, Takes } from '../../platform/web/bodies/contract.js';
import { form } from '../../platform/web/form.js';
import { ReportPages } from './report_pages.js';
import { type SentFile, SURVEY_FILE, surveyFile } from './survey_file.js';
import { MAX_SURVEY_BYTES, SurveyUploadsService } from './survey_uploads.service.js';
import { SurveyWords } from '../survey_words.js';
import { renameSurvey, showOutline } from '../surveys.forms.js';
import { UploadPage } from './upload_page.js';

/** From a file to a survey: choose, look through what was read, save. */
@Controller('surveys')
@Can('surveys:create')
export class SurveyImportsController {
  constructor(
    private readonly uploads: SurveyUploadsService,
    private readonly words: SurveyWords,
    private readonly pages: UploadPage,
    private readonly reports: ReportPages,
  ) {}

  @Get('new')
  @Render('surveys/new')
  new(): object {
    return this.newPage(NO_FAULTS);
  }

  @Post('new')
  @Takes({ kinds: ['multipart'], bytes: MAX_SURVEY_BYTES + MB, fields: 10, file: SURVEY_FILE })
  create(@Me() actor: Actor, @UploadedFile() file: SentFile | undefined, @Req() request: Request): Promise<Answer> {
    return orFormAgain(
      async () => {
        const id = await this.uploads.read(actor, surveyFile(request, file));
        return goneTo(addresses.surveys.import(id));
      },
      (faults) => ({ view: 'surveys/new', model: this.newPage(faults) }),
    );
  }

  @Get('imports/:id')
  @Render('surveys/import')
  async show(
    @Me() actor: Actor,
    @Param('id') id: string,
    @Query(form(showOutline)) { from }: { from: number },
  ): Promise<object> {
    return this.pages.show(actor, await this.uploads.mustFind(actor, id), NO_FAULTS, { from });
  }

  /** The lines of the report alone, while pictures are being fetched. */
  @Get('imports/:id/report')
  @Render('surveys/_report')
  async report(@Me() actor: Actor, @Param('id') id: string): Promise<object> {
    return this.reports.ofUpload(actor, await this.uploads.mustFind(actor, id));
  }

  @Post('imports/:id')
  save(
    @Me() actor: Actor,
    @Param('id') id: string,
    @Body(form(renameSurvey)) { name }: { name: string },
  ): Promise<Answer> {
    return orFormAgain(
      async () => {
        const survey = await this.uploads.save(actor, id, name);
        return goneTo(addresses.surveys.page(this.words.shown(survey.id))).saying(this.words.say('import.saved'));
      },
      async (faults) => ({
        view: 'surveys/import',
        model: await this.pages.show(actor, await this.uploads.mustFind(actor, id), faults, { name }),
      }),
    );
  }

  @Post('imports/:id/discard')
  async discard(@Me() actor: Actor, @Param('id') id: string): Promise<Answer> {
    await this.uploads.discard(actor, id);
    return goneTo(addresses.surveys.new());
  }

  private newPage({ errors, fields }: Faults): object {
    const { say } = this.words;
    return {
      title: say('new.title'),
      crumbs: [{ href: addresses.surveys.list(), text: say('title') }, { text: say('new.title') }],
      head: { title: say('new.title'), lead: say('new.lead') },
      errors,
      file: {
        name: 'file',
        label: say('new.file'),
        help: say('new.fileHelp'),
        type: 'file',
        required: true,
        accept: '.qsf,application/json',
        error: fields['file'],
      },
    };
  }
}
