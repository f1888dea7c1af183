import { Body, Controller, Param, Post } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { Can } from '../../platform/auth/guard.js';
import { NotFound } from '../../platform/errors.js';
import { Ids } from '../../platform/ids.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Answer, goneTo } from '../../platform/web/answers.js';
import { form } from '../../platform/web/form.js';
import { type EmailAddress, EmailsPage } from '../emails_page.js';
import { LinkChanges } from './link_changes.service.js';
import { type LastLonger, lastLonger } from './personal_links.forms.js';
import type { LinksAddress } from './personal_links.controller.js';
import { PersonalLinksPage } from './personal_links_page.js';

type Change = 'revoke' | 'extend' | 'reissue';
const BASE = 'surveys/:id/distributions';
const OF_MAILS = `${BASE}/emails/:email`;
const OF_FILES = `${BASE}/personal-links/:links`;

interface Wish {
  change: Change;
  longer: LastLonger;
  message?: string | undefined;
}

/** Revoke, extend and make anew the links that are out: all of a distribution, or one person's. */
@Controller()
@Can('distributions:send')
export class LinkChangesController {
  constructor(
    private readonly changes: LinkChanges,
    private readonly emails: EmailsPage,
    private readonly page: PersonalLinksPage,
    private readonly ids: Ids,
  ) {}

  @Post(`${OF_MAILS}/links/:change`)
  async ofMail(
    @Me() actor: Actor,
    @Param() { change, ...address }: EmailAddress & { change: string },
    @Body(form(lastLonger)) longer: LastLonger,
  ): Promise<Answer> {
    const { distribution } = await this.emails.mustFind(actor, address);
    const text = await this.changed(actor, distribution.id, { change: changeOf(change), longer });
    return goneTo(addresses.mails.page(...this.page.words.at(distribution))).saying(text);
  }

  @Post(`${OF_MAILS}/messages/:message/links/:change`)
  async ofMessage(
    @Me() actor: Actor,
    @Param() { change, message, ...address }: EmailAddress & { change: string; message: string },
    @Body(form(lastLonger)) longer: LastLonger,
  ): Promise<Answer> {
    const { distribution } = await this.emails.mustFind(actor, address);
    const text = await this.changed(actor, distribution.id, { change: changeOf(change), longer, message });
    return goneTo(addresses.mails.message(...this.page.words.at(distribution), message)).saying(text);
  }

  @Post(`${OF_FILES}/links/:change`)
  async ofFile(
    @Me() actor: Actor,
    @Param() { change, ...address }: LinksAddress & { change: string },
    @Body(form(lastLonger)) longer: LastLonger,
  ): Promise<Answer> {
    const { distribution } = await this.page.mustFind(actor, address);
    const text = await this.changed(actor, distribution.id, { change: changeOf(change), longer });
    return goneTo(addresses.personalLinks.page(...this.page.words.at(distribution))).saying(text);
  }

  @Post(`${OF_FILES}/people/:message/links/:change`)
  async ofPerson(
    @Me() actor: Actor,
    @Param() { change, message, ...address }: LinksAddress & { change: string; message: string },
    @Body(form(lastLonger)) longer: LastLonger,
  ): Promise<Answer> {
    const { distribution } = await this.page.mustFind(actor, address);
    const text = await this.changed(actor, distribution.id, { change: changeOf(change), longer, message });
    return goneTo(addresses.personalLinks.page(...this.page.words.at(distribution))).saying(text);
  }

  private async changed(actor: Actor, distributionId: string, { change, longer, message }: Wish): Promise<string> {
    const links = { distributionId, messageId: message === undefined ? null : this.ids.read('MS', message) };
    const count = await this.act(actor, links, { change, longer });
    return this.page.words.counted(`links.done.${change}`, count);
  }

  private act(
    actor: Actor,
    links: { distributionId: string; messageId: string | null },
    { change, longer }: Pick<Wish, 'change' | 'longer'>,
  ): Promise<number> {
    switch (change) {
      case 'revoke':
        return this.changes.revoke(actor, links);
      case 'extend':
        return this.changes.extend(actor, links, longer);
      case 'reissue':
        return this.changes.reissue(actor, links, longer);
      default:
        throw new TypeError(`There is no change ${String(change satisfies never)}`);
    }
  }
}

function changeOf(text: string): Change {
  const change = (['revoke', 'extend', 'reissue'] as const).find((one) => one === text);
  if (change === undefined) {
    throw new NotFound('Links can be revoked, extended or made anew.');
  }
  return change;
}
