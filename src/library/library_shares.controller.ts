import { Body, Controller, Get, Param, Post, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { NotFound } from '../platform/errors.js';
import { flash } from '../platform/web/flash.js';
import { parsed } from '../platform/web/form.js';
import { orAgain } from '../platform/web/form_again.js';
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
  index(@Me() actor: Actor, @Param('message') shown: string): Promise<object> {
    return this.page.show(actor, this.pages.idOf(shown));
  }

  @Post()
  async create(
    @Me() actor: Actor,
    @Param('message') shown: string,
    @Body() body: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const id = this.pages.idOf(shown);
    await orAgain(
      response,
      async () => {
        const wish = this.page.sharerOf(parsed(shareMessage, body).with) ?? { kind: 'person', id: '0' };
        const name = await this.shares.share(actor, id, wish);
        this.back(request, response, id, this.pages.say('sharing.done', { name }));
      },
      async (errors) => ({ view: 'library/sharing', model: await this.page.show(actor, id, errors) }),
    );
  }

  @Post(':sharer/remove')
  async destroy(
    @Me() actor: Actor,
    @Param() { message, sharer }: { message: string; sharer: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const id = this.pages.idOf(message);
    const wish = this.page.sharerOf(sharer);
    if (wish === undefined) {
      throw new NotFound('There is no such person or division.');
    }
    const name = await this.shares.unshare(actor, id, wish);
    this.back(request, response, id, this.pages.say('sharing.ended', { name }));
  }

  private back(request: Request, response: Response, id: string, words: string): void {
    flash(request, 'success', words);
    response.redirect(303, this.pages.path({ id }, '/sharing'));
  }
}
