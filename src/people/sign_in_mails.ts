import { Injectable } from '@nestjs/common';
import type { User } from '../accounts/user.entity.js';
import { MailerService } from '../mailer/mailer.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Views } from '../platform/web/views.js';
import { PeopleWords } from './people_words.js';

/** Longer than this nobody waits for a page; the mail goes on its way all the same. */
const PATIENCE_MS = 4000;

/** What became of the mail, as the person at the screen is told. */
export interface Mailed {
  isSent: boolean;
  text: string;
}

/** Who made the link; without a name it is who gets it. */
type Sender = Pick<Actor, 'brandId' | 'brandName'> & Partial<Pick<Actor, 'name'>>;

/** Sends people the link that lets them in. The page shows the link anyway, because a relay may be missing or down. */
@Injectable()
export class SignInMails {
  constructor(
    private readonly mailer: MailerService,
    private readonly views: Views,
    private readonly words: PeopleWords,
  ) {}

  async send(actor: Sender, user: User, link: string): Promise<Mailed> {
    const { say } = this.words;
    if (this.mailer.usesMailbox) {
      // The development mailbox is read by colleagues; a link in it would let them in as somebody else.
      return { isSent: false, text: say('mail.nowhere', { name: user.name }) };
    }
    const kind = user.passwordHash === null && actor.name !== undefined ? 'invitation' : 'signIn';
    const model = {
      link,
      name: user.name,
      by: actor.name,
      brand: actor.brandName,
      isAsked: actor.name === undefined,
      isInvitation: kind === 'invitation',
    };
    const html = this.views.part('people/link_mail', model, { nonce: '', csrf: '', path: '' });
    const subject = say(`mail.${kind}.subject`, { brand: actor.brandName });
    const to = { name: user.name, address: user.email };
    return Promise.race([this.outcome(actor.brandId, to, { subject, html }), this.tired(user.email)]);
  }

  private async outcome(
    brandId: string,
    to: { name: string; address: string },
    words: { subject: string; html: string },
  ): Promise<Mailed> {
    const { status, text } = await this.mailer
      .sendSystemMail(brandId, to, words)
      .catch((error: unknown) => ({ status: 'not_sent', text: (error as Error).message }));
    return status === 'accepted'
      ? { isSent: true, text: this.words.say('mail.sent', { email: to.address }) }
      : { isSent: false, text: this.words.say('mail.failed', { email: to.address, reason: text }) };
  }

  private async tired(email: string): Promise<Mailed> {
    await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
    return { isSent: false, text: this.words.say('mail.underway', { email }) };
  }
}
