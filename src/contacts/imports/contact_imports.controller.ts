import { Body, Controller, Get, HttpCode, Param, Post, Render, Req, Res, UploadedFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { MB, Takes } from '../../platform/web/bodies/contract.js';
import { sendCsv } from '../../platform/web/csv_download.js';
import { form } from '../../platform/web/form.js';
import { NO_ERRORS, orAgain } from '../../platform/web/form_again.js';
import { flash } from '../../platform/web/flash.js';
import { mapColumns, readFileAs } from '../contacts.forms.js';
import type { ColumnChoices, FileReading } from '../contacts.forms.js';
import { ContactImportsService } from './contact_imports.service.js';
import { folderOf, MAX_FILE_BYTES } from './import_files.js';
import { ImportScreens } from './import_screens.js';
import { rejectLines } from './reject_file.js';
import { type SentFile, uploadOf } from './upload.js';

/** A file on its way into a list: choose it, map its columns, watch it, read the report. */
@Controller('contacts')
export class ContactImportsController {
  constructor(
    private readonly imports: ContactImportsService,
    private readonly screens: ImportScreens,
  ) {}

  @Get('lists/:list/imports/new')
  @Can('directory:edit')
  @Render('contacts/import_new')
  new(@Me() actor: Actor, @Param('list') list: string): Promise<object> {
    return this.screens.choose(actor, list, undefined, NO_ERRORS);
  }

  @Post('lists/:list/imports')
  @Can('directory:edit')
  @Takes({
    kinds: ['multipart'],
    bytes: MAX_FILE_BYTES + 3 * MB,
    fields: 20,
    file: { bytes: MAX_FILE_BYTES, folder: folderOf },
  })
  async create(
    @Me() actor: Actor,
    @Param('list') list: string,
    @UploadedFile() file: SentFile | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const pasted = (request.body as { pasted?: string }).pasted ?? '';
    await orAgain(
      response,
      async () => {
        const upload = await uploadOf(this.screens.files, file, pasted);
        const { id } = await this.imports.receive(actor, this.screens.words.listId(list), upload);
        response.redirect(303, this.screens.words.importPath(id));
      },
      async (errors) => ({
        view: 'contacts/import_new',
        model: await this.screens.choose(actor, list, pasted, errors),
      }),
    );
  }

  @Get('imports/:import')
  @Can('contacts:view')
  async show(@Me() actor: Actor, @Param('import') shown: string, @Res() response: Response): Promise<void> {
    const { view, model } = await this.screens.show(actor, shown, NO_ERRORS);
    response.render(view, model);
  }

  /** Polled by the page while the import runs. */
  @Get('imports/:import/progress')
  @Can('contacts:view')
  @Render('contacts/_import')
  progress(@Me() actor: Actor, @Param('import') shown: string): Promise<object> {
    return this.screens.progress(actor, shown);
  }

  @Post('imports/:import/reading')
  @Can('directory:edit')
  async reshape(
    @Me() actor: Actor,
    @Param('import') shown: string,
    @Body(form(readFileAs)) dialect: FileReading,
    @Res() response: Response,
  ): Promise<void> {
    await orAgain(
      response,
      async () => {
        await this.imports.reshape(actor, this.screens.words.importId(shown), dialect);
        response.redirect(303, `/contacts/imports/${shown}`);
      },
      (errors) => this.screens.show(actor, shown, errors),
    );
  }

  /** The first rows by what is chosen now; the choice is kept. */
  @Post('imports/:import/preview')
  @Can('directory:edit')
  @HttpCode(200)
  @Render('contacts/_import_preview')
  async preview(
    @Me() actor: Actor,
    @Param('import') shown: string,
    @Body(form(mapColumns)) { targets, country }: ColumnChoices,
  ): Promise<object> {
    await this.imports.map(actor, this.screens.words.importId(shown), targets, country);
    return this.screens.preview(actor, shown);
  }

  @Post('imports/:import/start')
  @Can('directory:edit')
  async start(
    @Me() actor: Actor,
    @Param('import') shown: string,
    @Body(form(mapColumns)) { targets, country }: ColumnChoices,
    @Res() response: Response,
  ): Promise<void> {
    const id = this.screens.words.importId(shown);
    await this.imports.map(actor, id, targets, country);
    await orAgain(
      response,
      async () => {
        await this.imports.start(actor, id);
        response.redirect(303, `/contacts/imports/${shown}`);
      },
      (errors) => this.screens.show(actor, shown, errors),
    );
  }

  @Post('imports/:import/cancellation')
  @Can('directory:edit')
  async cancel(
    @Me() actor: Actor,
    @Param('import') shown: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const one = await this.imports.cancel(actor, this.screens.words.importId(shown));
    if (one.isUnderWay) {
      response.redirect(303, `/contacts/imports/${shown}`);
    } else {
      flash(request, 'success', this.screens.words.say('import.cancelled'));
      response.redirect(303, this.screens.words.listPath(one.listId));
    }
  }

  /** The rows that were not imported, as they stood in the file, with the reason: to mend and to upload alone. */
  @Get('imports/:import/rejects.csv')
  @Can('contacts:view')
  async rejects(@Me() actor: Actor, @Param('import') shown: string, @Res() response: Response): Promise<void> {
    const one = await this.imports.mustFind(actor, this.screens.words.importId(shown));
    const lines = rejectLines(one, (after) => this.imports.rejects(actor, one.id, after));
    await sendCsv(response, 'rejected_rows.csv', lines);
  }
}
