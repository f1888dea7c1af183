import { Body, Controller, Get, Param, Post, Render } from '@nestjs/common';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { NotFound } from '../platform/errors.js';
import { addresses } from '../platform/web/addresses.js';
import { type Answer, goneTo, orFormAgain } from '../platform/web/answers.js';
import { parsed } from '../platform/web/form.js';
import { Id } from '../platform/web/id_param.js';
import { shareMessage } from './library.forms.js';
import { LibraryPages } from './library_pages.js';
import { LibrarySharesPage } from './library_shares_page.js';
import { LibrarySharesService } from './library_shares.service.js';

/** With whom a message of the library is shared. */
@Controller('library/messages/:message/sharing')
@Can('distributions:access')
export class LibrarySharesController {
  constructor(
    private readonly shares: LibrarySharesService,
    private readonly page: LibrarySharesPage,
    private readonly pages: LibraryPages,
  ) {}

  @Get()
  @Render('library/sharing')
  index(@Me() actor: Actor, @Id('MS', 'message') messageId: string): Promise<object> {
    return this.page.show(actor, messageId);
  }

  @Post()
  create(
    @Me() actor: Actor,
    @Id('MS', 'message') messageId: string,
    @Body() body: Record<string, unknown>,
  ): Promise<Answer> {
    return orFormAgain(
      async () => {
        const wish = this.page.sharerOf(parsed(shareMessage, body).with) ?? { kind: 'person', id: '0' };
        const name = await this.shares.share(actor, messageId, wish);
        return this.back(messageId, this.pages.say('sharing.done', { name }));
      },
      async (faults) => ({ view: 'library/sharing', model: await this.page.show(actor, messageId, faults) }),
    );
  }

  @Post(':sharer/remove')
  async destroy(
    @Me() actor: Actor,
    @Id('MS', 'message') messageId: string,
    @Param('sharer') sharer: string,
  ): Promise<Answer> {
    const wish = this.page.sharerOf(sharer);
    if (wish === undefined) {
      throw new NotFound('There is no such person or division.');
    }
    const name = await this.shares.unshare(actor, messageId, wish);
    return this.back(messageId, this.pages.say('sharing.ended', { name }));
  }

  private back(id: string, words: string): Answer {
    return goneTo(addresses.library.sharing(this.pages.shown({ id }))).saying(words);
  }
}
