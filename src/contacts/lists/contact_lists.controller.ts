import { Body, Controller, Get, Post, Query, Render, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, goneTo, NO_FAULTS, orFormAgain } from '../../platform/web/answers.js';
import { sendCsv } from '../../platform/web/csv_download.js';
import { form } from '../../platform/web/form.js';
import { Id } from '../../platform/web/id_param.js';
import { ContactListsService } from './contact_lists.service.js';
import { nameList, searchTable } from '../contacts.forms.js';
import type { ListNames, TableQuery } from '../contacts.forms.js';
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
    return this.tables.pages.newForm({ name: '' }, NO_FAULTS);
  }

  @Post('lists')
  @Can('directory:edit')
  create(@Me() actor: Actor, @Body(form(nameList)) names: ListNames): Promise<Answer> {
    return orFormAgain(
      async () => {
        const list = await this.lists.create(actor, names.name, names.publicName);
        return goneTo(addresses.contacts.list(this.tables.words.shown('CG', list.id)));
      },
      (faults) => ({ view: 'contacts/list_form', model: this.tables.pages.newForm(names, faults) }),
    );
  }

  @Get('lists/:list')
  @Can('contacts:view')
  @Render('contacts/list')
  async show(
    @Me() actor: Actor,
    @Id('CG', 'list') listId: string,
    @Query(form(searchTable)) query: TableQuery,
  ): Promise<object> {
    return this.tables.show(actor, await this.lists.mustFind(actor, listId), query);
  }

  @Get('lists/:list/edit')
  @Can('directory:edit')
  @Render('contacts/list_form')
  async edit(@Me() actor: Actor, @Id('CG', 'list') listId: string): Promise<object> {
    const list = await this.lists.mustFind(actor, listId);
    return this.tables.pages.renameForm(list, list, NO_FAULTS);
  }

  @Post('lists/:list/edit')
  @Can('directory:edit')
  async update(
    @Me() actor: Actor,
    @Id('CG', 'list') listId: string,
    @Body(form(nameList)) names: ListNames,
  ): Promise<Answer> {
    const list = await this.lists.mustFind(actor, listId);
    return orFormAgain(
      async () => {
        await this.lists.rename(actor, listId, names.name, names.publicName);
        return goneTo(addresses.contacts.list(this.tables.words.shown('CG', listId)));
      },
      (faults) => ({ view: 'contacts/list_form', model: this.tables.pages.renameForm(list, names, faults) }),
    );
  }

  @Post('lists/:list/removal')
  @Can('directory:edit')
  async destroy(@Me() actor: Actor, @Id('CG', 'list') listId: string): Promise<Answer> {
    const { name } = await this.lists.mustFind(actor, listId);
    await this.lists.remove(actor, listId);
    return goneTo(addresses.contacts.lists()).saying(this.tables.words.say('list.removed', { name }));
  }

  @Get('lists/:list/contacts.csv')
  @Can('contacts:view')
  async export(@Me() actor: Actor, @Id('CG', 'list') listId: string, @Res() response: Response): Promise<void> {
    const list = await this.lists.mustFind(actor, listId);
    const name = `${list.name.replace(/[^\p{L}\p{N} ._-]/gu, '_')}.csv`;
    await sendCsv(response, name, this.exports.lines(actor, list));
  }
}
