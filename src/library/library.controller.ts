import { Body, Controller, Get, Post, Query, Render } from '@nestjs/common';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, drawn, type Faults, goneTo, NO_FAULTS, orFormAgain } from '../platform/web/answers.js';
import { form } from '../platform/web/form.js';
import { Id } from '../platform/web/id_param.js';
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
  create(@Me() actor: Actor, @Body(form(writeMessage)) typed: TypedMessage): Promise<Answer> {
    return this.keep(actor, { typed }, () => this.messageLibrary.create(actor, typed));
  }

  @Get('messages/:message/edit')
  @Render('library/form')
  async edit(@Me() actor: Actor, @Id('MS', 'message') messageId: string): Promise<object> {
    return this.pages.edit(actor, await this.messageLibrary.mustFind(actor, messageId));
  }

  @Post('messages/:message')
  async update(
    @Me() actor: Actor,
    @Id('MS', 'message') messageId: string,
    @Body(form(writeMessage)) typed: TypedMessage,
  ): Promise<Answer> {
    const message = await this.messageLibrary.mustFind(actor, messageId);
    return this.keep(actor, { message, typed }, () => this.messageLibrary.update(actor, messageId, typed));
  }

  @Post('messages/:message/copies')
  async copy(@Me() actor: Actor, @Id('MS', 'message') messageId: string): Promise<Answer> {
    const { name } = await this.messageLibrary.mustFind(actor, messageId);
    const copy = await this.messageLibrary.copy(actor, messageId, this.pages.say('copyOf', { name }).slice(0, 200));
    return goneTo(addresses.library.edit(this.pages.shown(copy))).saying(this.pages.say('copied'));
  }

  @Post('messages/:message/removal')
  async destroy(@Me() actor: Actor, @Id('MS', 'message') messageId: string): Promise<Answer> {
    await this.messageLibrary.remove(actor, messageId);
    return goneTo(addresses.library.list()).saying(this.pages.say('removed'));
  }

  /** Adding or leaving out a language shows the form again and keeps nothing yet. */
  private async keep(
    actor: Actor,
    { message, typed }: { message?: LibraryMessage; typed: TypedMessage },
    act: () => Promise<LibraryMessage>,
  ): Promise<Answer> {
    const model = (again: Faults): Promise<object> =>
      this.pages.form(actor, { message, typed: otherLanguages(typed), again });
    if (typed.go === 'language' || typed.go.startsWith('drop:')) {
      return drawn('library/form', await model(NO_FAULTS));
    }
    return orFormAgain(
      async () => {
        await act();
        return goneTo(addresses.library.list()).saying(this.pages.say('saved'));
      },
      async (faults) => ({ view: 'library/form', model: await model(faults) }),
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
