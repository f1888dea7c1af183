import { Body, Controller, Get, HttpCode, Post, Render, Res, UploadedFile } from '@nestjs/common';
import type { Response } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, drawn, goneTo, NO_FAULTS, orFormAgain } from '../../platform/web/answers.js';
import { MB, Takes } from '../../platform/web/bodies/contract.js';
import { sendCsv } from '../../platform/web/csv_download.js';
import { form } from '../../platform/web/form.js';
import { Id } from '../../platform/web/id_param.js';
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
  new(@Me() actor: Actor, @Id('CG', 'list') listId: string): Promise<object> {
    return this.screens.choose(actor, listId, undefined, NO_FAULTS);
  }

  @Post('lists/:list/imports')
  @Can('directory:edit')
  @Takes({
    kinds: ['multipart'],
    bytes: MAX_FILE_BYTES + 3 * MB,
    fields: 20,
    file: { bytes: MAX_FILE_BYTES, folder: folderOf },
  })
  create(
    @Me() actor: Actor,
    @Id('CG', 'list') listId: string,
    @UploadedFile() file: SentFile | undefined,
    @Body() { pasted = '' }: { pasted?: string },
  ): Promise<Answer> {
    return orFormAgain(
      async () => {
        const upload = await uploadOf(this.screens.files, file, pasted);
        const { id } = await this.imports.receive(actor, listId, upload);
        return goneTo(addresses.contacts.import(this.screens.words.shown('IM', id)));
      },
      async (faults) => ({
        view: 'contacts/import_new',
        model: await this.screens.choose(actor, listId, pasted, faults),
      }),
    );
  }

  @Get('imports/:import')
  @Can('contacts:view')
  async show(@Me() actor: Actor, @Id('IM', 'import') importId: string): Promise<Answer> {
    const { view, model } = await this.screens.show(actor, importId, NO_FAULTS);
    return drawn(view, model);
  }

  /** Asked for by the open page when the import has come on. */
  @Get('imports/:import/progress')
  @Can('contacts:view')
  @Render('contacts/_import')
  progress(@Me() actor: Actor, @Id('IM', 'import') importId: string): Promise<object> {
    return this.screens.progress(actor, importId);
  }

  @Post('imports/:import/reading')
  @Can('directory:edit')
  reshape(
    @Me() actor: Actor,
    @Id('IM', 'import') importId: string,
    @Body(form(readFileAs)) dialect: FileReading,
  ): Promise<Answer> {
    return orFormAgain(
      async () => {
        await this.imports.reshape(actor, importId, dialect);
        return goneTo(addresses.contacts.import(this.screens.words.shown('IM', importId)));
      },
      (faults) => this.screens.show(actor, importId, faults),
    );
  }

  /** The first rows by what is chosen now; the choice is kept. */
  @Post('imports/:import/preview')
  @Can('directory:edit')
  @HttpCode(200)
  @Render('contacts/_import_preview')
  async preview(
    @Me() actor: Actor,
    @Id('IM', 'import') importId: string,
    @Body(form(mapColumns)) { targets, country }: ColumnChoices,
  ): Promise<object> {
    await this.imports.map(actor, importId, targets, country);
    return this.screens.preview(actor, importId);
  }

  @Post('imports/:import/start')
  @Can('directory:edit')
  async start(
    @Me() actor: Actor,
    @Id('IM', 'import') importId: string,
    @Body(form(mapColumns)) { targets, country }: ColumnChoices,
  ): Promise<Answer> {
    await this.imports.map(actor, importId, targets, country);
    return orFormAgain(
      async () => {
        await this.imports.start(actor, importId);
        return goneTo(addresses.contacts.import(this.screens.words.shown('IM', importId)));
      },
      (faults) => this.screens.show(actor, importId, faults),
    );
  }

  @Post('imports/:import/cancellation')
  @Can('directory:edit')
  async cancel(@Me() actor: Actor, @Id('IM', 'import') importId: string): Promise<Answer> {
    const { words } = this.screens;
    const one = await this.imports.cancel(actor, importId);
    return one.isUnderWay
      ? goneTo(addresses.contacts.import(words.shown('IM', importId)))
      : goneTo(addresses.contacts.list(words.shown('CG', one.listId))).saying(words.say('import.cancelled'));
  }

  /** The rows that were not imported, as they stood in the file, with the reason: to mend and to upload alone. */
  @Get('imports/:import/rejects.csv')
  @Can('contacts:view')
  async rejects(@Me() actor: Actor, @Id('IM', 'import') importId: string, @Res() response: Response): Promise<void> {
    const one = await this.imports.mustFind(actor, importId);
    const lines = rejectLines(one, (after) => this.imports.rejects(actor, one.id, after));
    await sendCsv(response, 'rejected_rows.csv', lines);
  }
}
