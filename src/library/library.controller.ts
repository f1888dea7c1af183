import { Body, Controller, Get, Param, Post, Query, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { flash } from '../platform/web/flash.js';
import { form } from '../platform/web/form.js';
import { type FormErrors, NO_ERRORS, orAgain } from '../platform/web/form_again.js';
import { type LibrarySearch, searchLibrary, type TypedMessage, writeMessage } from './library.forms.js';
import { LibraryPages } from './library_pages.js';
import { LibraryService } from './library.service.js';
import { type LibraryMessage, USED_CATEGORIES } from './library_message.entity.js';

/** The pages of the library: find a message, write it, copy it, delete it. */
@Controller('library')
@Can('distributions:access')
export class LibraryController {
  constructor(
    private readonly messageLibrary: LibraryService,
    private readonly pages: LibraryPages,
  ) {}

  @Get()
  @Render('library/index')
  index(@Me() actor: Actor, @Query(form(searchLibrary)) query: LibrarySearch): Promise<object> {
    return this.pages.index(actor, query);
  }

  @Get('new')
  @Render('library/form')
  new(@Me() actor: Actor, @Query('category') category?: string): Promise<object> {
    return this.pages.fresh(
      actor,
      USED_CATEGORIES.find((one) => one === category),
    );
  }

  @Post('messages')
  async create(
    @Me() actor: Actor,
    @Body(form(writeMessage)) typed: TypedMessage,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.keep(actor, { request, response }, { typed }, () => this.messageLibrary.create(actor, typed));
  }

  @Get('messages/:message/edit')
  @Render('library/form')
  async edit(@Me() actor: Actor, @Param('message') shown: string): Promise<object> {
    return this.pages.edit(actor, await this.messageLibrary.mustFind(actor, this.pages.idOf(shown)));
  }

  @Post('messages/:message')
  async update(
    @Me() actor: Actor,
    @Param('message') shown: string,
    @Body(form(writeMessage)) typed: TypedMessage,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const message = await this.messageLibrary.mustFind(actor, this.pages.idOf(shown));
    await this.keep(actor, { request, response }, { message, typed }, () =>
      this.messageLibrary.update(actor, message.id, typed),
    );
  }

  @Post('messages/:message/copies')
  async copy(
    @Me() actor: Actor,
    @Param('message') shown: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { id, name } = await this.messageLibrary.mustFind(actor, this.pages.idOf(shown));
    const copy = await this.messageLibrary.copy(actor, id, this.pages.say('copyOf', { name }).slice(0, 200));
    flash(request, 'success', this.pages.say('copied'));
    response.redirect(303, this.pages.path(copy, '/edit'));
  }

  @Post('messages/:message/removal')
  async destroy(
    @Me() actor: Actor,
    @Param('message') shown: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.messageLibrary.remove(actor, this.pages.idOf(shown));
    flash(request, 'success', this.pages.say('removed'));
    response.redirect(303, '/library');
  }

  /** Adding or leaving out a language shows the form again and keeps nothing yet. */
  private async keep(
    actor: Actor,
    { request, response }: { request: Request; response: Response },
    { message, typed }: { message?: LibraryMessage; typed: TypedMessage },
    act: () => Promise<LibraryMessage>,
  ): Promise<void> {
    const model = (again: FormErrors): Promise<object> =>
      this.pages.form(actor, { message, typed: otherLanguages(typed), again });
    if (typed.go === 'language' || typed.go.startsWith('drop:')) {
      response.status(200).render('library/form', await model(NO_ERRORS));
      return;
    }
    await orAgain(
      response,
      async () => {
        await act();
        flash(request, 'success', this.pages.say('saved'));
        response.redirect(303, '/library');
      },
      async (errors) => ({ view: 'library/form', model: await model(errors) }),
    );
  }
}

function otherLanguages(typed: TypedMessage): TypedMessage {
  const { go, newLanguage, words, language } = typed;
  const dropped = go.startsWith('drop:') ? go.slice('drop:'.length) : undefined;
  const left = Object.fromEntries(Object.entries(words).filter(([name]) => name !== dropped));
  const added = go === 'language' && /^[A-Za-z]{2,3}(-[A-Za-z]{2,4})?$/.test(newLanguage) && !(newLanguage in words);
  const template = words[language] ?? { subject: '', preheader: '', body: '', text: '' };
  return { ...typed, newLanguage: '', words: added ? { ...left, [newLanguage]: { ...template } } : left };
}
