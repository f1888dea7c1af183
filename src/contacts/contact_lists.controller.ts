import { Body, Controller, Get, Param, Post, Query, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { sendCsv } from '../platform/web/csv_download.js';
import { flash } from '../platform/web/flash.js';
import { form } from '../platform/web/form.js';
import { NO_ERRORS, orAgain } from '../platform/web/form_again.js';
import { ContactListsService } from './contact_lists.service.js';
import { nameList, searchTable } from './contacts.forms.js';
import type { ListNames, TableQuery } from './contacts.forms.js';
import { ListExport } from './list_export.js';
import { ListTables } from './list_tables.js';

@Controller('contacts')
export class ContactListsController {
  constructor(
    private readonly lists: ContactListsService,
    private readonly tables: ListTables,
    private readonly exports: ListExport,
  ) {}

  @Get()
  @Can('contacts:view')
  @Render('contacts/index')
  index(@Me() actor: Actor, @Query(form(searchTable)) query: TableQuery): Promise<object> {
    return this.tables.index(actor, query);
  }

  @Get('lists/new')
  @Can('directory:edit')
  @Render('contacts/list_form')
  new(): object {
    return this.tables.pages.newForm({ name: '' }, NO_ERRORS);
  }

  @Post('lists')
  @Can('directory:edit')
  async create(@Me() actor: Actor, @Body(form(nameList)) names: ListNames, @Res() response: Response): Promise<void> {
    await orAgain(
      response,
      async () => {
        const list = await this.lists.create(actor, names.name, names.publicName);
        response.redirect(303, this.tables.words.listPath(list.id));
      },
      (errors) => Promise.resolve({ view: 'contacts/list_form', model: this.tables.pages.newForm(names, errors) }),
    );
  }

  @Get('lists/:list')
  @Can('contacts:view')
  @Render('contacts/list')
  async show(
    @Me() actor: Actor,
    @Param('list') shown: string,
    @Query(form(searchTable)) query: TableQuery,
  ): Promise<object> {
    return this.tables.show(actor, await this.find(actor, shown), query);
  }

  @Get('lists/:list/edit')
  @Can('directory:edit')
  @Render('contacts/list_form')
  async edit(@Me() actor: Actor, @Param('list') shown: string): Promise<object> {
    const list = await this.find(actor, shown);
    return this.tables.pages.renameForm(list, list, NO_ERRORS);
  }

  @Post('lists/:list/edit')
  @Can('directory:edit')
  async update(
    @Me() actor: Actor,
    @Param('list') shown: string,
    @Body(form(nameList)) names: ListNames,
    @Res() response: Response,
  ): Promise<void> {
    const list = await this.find(actor, shown);
    await orAgain(
      response,
      async () => {
        await this.lists.rename(actor, list.id, names.name, names.publicName);
        response.redirect(303, this.tables.words.listPath(list.id));
      },
      (errors) =>
        Promise.resolve({ view: 'contacts/list_form', model: this.tables.pages.renameForm(list, names, errors) }),
    );
  }

  @Post('lists/:list/removal')
  @Can('directory:edit')
  async destroy(
    @Me() actor: Actor,
    @Param('list') shown: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const list = await this.find(actor, shown);
    await this.lists.remove(actor, list.id);
    flash(request, 'success', this.tables.words.say('list.removed', { name: list.name }));
    response.redirect(303, '/contacts');
  }

  @Get('lists/:list/contacts.csv')
  @Can('contacts:view')
  async export(@Me() actor: Actor, @Param('list') shown: string, @Res() response: Response): Promise<void> {
    const list = await this.find(actor, shown);
    const name = `${list.name.replace(/[^\p{L}\p{N} ._-]/gu, '_')}.csv`;
    await sendCsv(response, name, this.exports.lines(actor, list));
  }

  private find(actor: Actor, shown: string): ReturnType<ContactListsService['mustFind']> {
    return this.lists.mustFind(actor, this.tables.words.listId(shown));
  }
}
