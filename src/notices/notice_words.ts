import { Injectable } from '@nestjs/common';
import { Ids } from '../platform/ids.js';
import { addresses } from '../platform/web/addresses.js';
import { readableHeading } from '../platform/web/html/mail_inserts.js';
import { exactTime } from '../platform/web/moments.js';
import { Views } from '../platform/web/views.js';
import type { Say } from '../platform/web/words.js';
import type { Notice } from './notices.service.js';

const FIGURES = new Intl.NumberFormat('en');
/** Of distributions, the figures that are always told; the others when there are any. */
const ALWAYS = ['sent', 'bounced', 'skipped'];
/** Where most kinds lead that are of no distribution. */
const PLACES: Partial<Record<ToldNotice['kind'], string>> = {
  relays: addresses.mailer.relays(),
  domains: addresses.mailer.domains(),
  limits: addresses.brand.field('weeklyEmailLimit'),
};

/** A notice in words, for page and mail. */
export interface WordedNotice {
  subject: string;
  /** One sentence each. */
  lines: string[];
  causes: string[];
  /** A path of the console. */
  path: string;
  button: string;
  tone: 'done' | 'hold' | 'fail';
  icon: string;
}

/** What the words of a notice are made of. */
export type ToldNotice = Pick<Notice, 'kind' | 'surveyId' | 'distributionId' | 'facts'>;

/** Puts notices in words. */
@Injectable()
export class NoticeWords {
  readonly say: Say;

  constructor(
    private readonly ids: Ids,
    private readonly views: Views,
  ) {
    this.say = views.wordsOf('notices');
  }

  /** @param timeZone of the reader */
  of(notice: ToldNotice, timeZone: string): WordedNotice {
    const { words, causes = [] } = notice.facts;
    return {
      subject: this.say(`what.${words}.subject`, this.values(notice, timeZone)),
      lines: this.lines(notice, timeZone),
      causes,
      path: this.path(notice),
      button: this.say(`button.${notice.kind}`),
      ...look(words),
    };
  }

  private lines(notice: ToldNotice, timeZone: string): string[] {
    const { words, reason = '', counts = {} } = notice.facts;
    const values = this.values(notice, timeZone);
    return [
      this.say(`what.${words}.text`, values),
      notice.kind === 'done' ? this.figures(counts) : '',
      reason && this.say(`what.${words}.reason`, { reason, defaultValue: reason }),
      this.say(`what.${words}.remedy`, { ...values, defaultValue: '' }),
    ].filter((line) => line !== '');
  }

  private values({ facts }: ToldNotice, timeZone: string): Record<string, string> {
    const { title = '', survey = '', counts = {}, used = 0, limit = 0, other = '' } = facts;
    const since = facts.since === undefined ? '' : exactTime(new Date(facts.since), timeZone);
    const figures = Object.entries({ ...counts, used, limit }).map(([name, n]) => [name, FIGURES.format(n)]);
    return {
      ...Object.fromEntries(figures),
      title: readableHeading(title, this.views.wordsOf('distributions')) || this.say('untitled'),
      survey,
      other,
      since,
    };
  }

  private figures(counts: Record<string, number>): string {
    const told = Object.entries(counts).filter(([name, n]) => n > 0 || ALWAYS.includes(name));
    return told.map(([name, n]) => this.say(`figure.${name}`, { n: FIGURES.format(n) })).join(' · ');
  }

  private path({ kind, surveyId, distributionId, facts }: ToldNotice): string {
    if (surveyId !== null && distributionId !== null) {
      const { page } = facts.isOfLinks === true ? addresses.personalLinks : addresses.mails;
      return page(this.ids.show('SV', surveyId), this.ids.show('EMD', distributionId));
    }
    if (kind === 'ownLimits') {
      return addresses.accounts.home();
    }
    if (facts.words.startsWith('limit_division')) {
      return addresses.brand.divisions();
    }
    return kind === 'domains' && facts.domain !== undefined
      ? addresses.mailer.domain(facts.domain)
      : (PLACES[kind] ?? addresses.brand.ready());
  }
}

function look(words: string): Pick<WordedNotice, 'tone' | 'icon'> {
  if (['done', 'relay_up', 'relay_answers', 'domain_works'].includes(words)) {
    return { tone: 'done', icon: 'check' };
  }
  const isFailure = ['failed', 'relay_down', 'domain_failed'].includes(words) || /^limit_.*full$/.test(words);
  return isFailure ? { tone: 'fail', icon: 'error' } : { tone: 'hold', icon: 'alert' };
}
