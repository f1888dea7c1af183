import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { Clock } from '../platform/clock.js';
import { Ids } from '../platform/ids.js';
import { addresses, asking } from '../platform/web/addresses.js';
import { moment } from '../platform/web/moments.js';
import { NoticeWords } from './notice_words.js';
import { type Notice, type NoticeChoice, NoticesService } from './notices.service.js';

const PAGE = 30;

/** The page of all notices, the bell, and what a person wants to hear of. */
@Injectable()
export class NoticesPage {
  constructor(
    private readonly notices: NoticesService,
    private readonly words: NoticeWords,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  async index(actor: Actor, after: string | undefined): Promise<object> {
    const { say } = this.words;
    const position = after === undefined ? undefined : this.ids.read('NT', after);
    const rows = await this.notices.list(actor, { size: PAGE, after: position });
    const shown = rows.slice(0, PAGE);
    const last = rows.length > PAGE ? shown.at(-1) : undefined;
    const count = shown.length;
    return {
      title: say('title'),
      head: {
        title: say('title'),
        lead: say('lead'),
        actions: [{ href: addresses.notices.settings(), text: say('settings.open'), icon: 'options' }],
      },
      notices: shown.map((notice) => this.row(actor, notice)),
      hasUnread: shown.some(({ readAt }) => readAt === null),
      empty: count > 0 ? undefined : { icon: 'bell', title: say('empty.title'), text: say('empty.text') },
      pages: {
        rows: 'notices',
        shown: say(last === undefined ? 'shownAll' : 'shownFirst', { count }),
        moreUrl: last && asking(addresses.notices.list(), { after: this.ids.show('NT', last.id) }),
      },
    };
  }

  async bell(actor: Actor): Promise<object> {
    const unread = await this.notices.unread(actor);
    return {
      count: unread > 99 ? '99+' : unread || undefined,
      label: this.words.say('bell', { count: unread }),
    };
  }

  async settings(actor: Actor): Promise<object> {
    const { say } = this.words;
    const choices = await this.notices.choices(actor);
    return {
      title: say('settings.title'),
      crumbs: [{ href: addresses.accounts.page(), text: say('settings.account') }, { text: say('settings.title') }],
      head: { title: say('settings.title'), lead: say('settings.lead', { email: actor.email }) },
      kinds: choices.map((choice) => this.choice(choice)),
    };
  }

  private row(actor: Actor, notice: Notice): object {
    const { subject, lines, causes, path, button, tone, icon } = this.words.of(notice, actor.timeZone);
    const shown = this.ids.show('NT', notice.id);
    const mail = notice.mailError === '' ? '' : notice.mailState === 'failed' ? 'mail.failed' : 'mail.waits';
    return {
      id: shown,
      subject,
      lines,
      causes,
      path,
      button,
      tone,
      icon,
      isUnread: notice.readAt === null,
      readUrl: addresses.notices.reading(shown),
      when: moment(notice.toldAt, actor.timeZone, this.clock.now()),
      mail: mail && this.words.say(mail, { reason: notice.mailError }),
    };
  }

  private choice({ kind, bell, mail }: NoticeChoice): object {
    const { say } = this.words;
    const label = say(`kind.${kind}`);
    return {
      label,
      help: say(`kindHelp.${kind}`),
      bell: { name: `bell_${kind}`, label: say('settings.bell'), checked: bell },
      mail: { name: `mail_${kind}`, label: say('settings.mail'), checked: mail },
    };
  }
}
