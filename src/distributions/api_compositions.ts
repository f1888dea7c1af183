import { Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import type { Brand } from '../brands/brand.entity.js';
import { BrandsService } from '../brands/brands.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { CALENDAR_WORDS, isInCalendar } from '../platform/calendar/calendar_range.js';
import { Invalid } from '../platform/errors.js';
import { Ids } from '../platform/ids.js';
import type { Composition } from '../ledger/distribution.entity.js';
import { endOfDay } from '../links/link_ends.js';
import { ChannelContents } from '../planning/channel_content.js';
import { UNCOUNTED } from '../planning/when_form.js';
import { AT_ONCE } from '../ledger/sending_plan.js';
import type { CreateEmailDistribution, CreateLinks } from './distributions.forms.js';

const LINK_DAYS = 60;

/** Turns what programs of the v3 API send into compositions: ids to numbers, dates to instants, defaults filled in. */
@Injectable()
export class ApiCompositions {
  constructor(
    private readonly ids: Ids,
    private readonly contents: ChannelContents,
    private readonly brands: BrandsService,
  ) {}

  /** @throws {NotFound} with EQD13 for a message that is not in the library */
  async ofEmail(actor: Actor, wish: CreateEmailDistribution): Promise<{ surveyId: string; words: Composition }> {
    const { header, message, recipients, surveyLink, sendDate, embeddedData, skipFinished } = wish;
    if (!surveyLink) {
      throw new Invalid('surveyLink: a mail without a survey cannot be sent from here; name the survey.', {}, 'CVS01');
    }
    const words: Composition = {
      ...this.audience(recipients),
      name: '',
      listName: '',
      linkType: surveyLink.type,
      linkDays: LINK_DAYS,
      linkExpiresAt: this.expiry(surveyLink.expirationDate, actor.timeZone, 'surveyLink.expirationDate'),
      content: await this.contentOf(actor, { header, message }),
      skipFinished,
      sendAt: this.optionalInstant(sendDate, actor.timeZone, 'sendDate'),
      timeZone: actor.timeZone,
      embedded: embeddedData,
      ...planOf(wish),
    };
    return { surveyId: this.ids.read('SV', surveyLink.surveyId), words };
  }

  /** What a mail says is the channel's to read. */
  private async contentOf(actor: Actor, said: object): Promise<object> {
    return (await this.contents.of({ channel: 'email' })?.ofProgram(actor, said)) ?? {};
  }

  ofLinks(actor: Actor, wish: CreateLinks): { surveyId: string; words: Composition } {
    const words: Composition = {
      ...this.audience({ ...wish, transactionBatchId: '' }),
      name: wish.description,
      listName: '',
      linkType: wish.linkType,
      linkDays: LINK_DAYS,
      linkExpiresAt: this.expiry(wish.expirationDate, actor.timeZone, 'expirationDate'),
      skipFinished: false,
      sendAt: null,
      timeZone: actor.timeZone,
      embedded: wish.embeddedData,
    };
    return { surveyId: this.ids.read('SV', wish.surveyId), words };
  }

  /** Programs call a brand an organization. */
  brandOf(actor: Actor): Promise<Brand> {
    return this.brands.of(actor.brandId);
  }

  /** ISO 8601, or `2027-02-21 00:00:00` in the account's zone. @throws {Invalid} for anything else */
  instant(written: string, zone: string, field: string): Date {
    const iso = DateTime.fromISO(written, { zone });
    const at = iso.isValid ? iso : DateTime.fromSQL(written, { zone });
    if (!at.isValid) {
      throw new Invalid(`${field}: write dates like 2027-02-21T08:00:00Z or 2027-02-21 08:00:00.`);
    }
    if (!isInCalendar(at.toJSDate())) {
      throw new Invalid(`${field}: ${CALENDAR_WORDS}.`);
    }
    return at.toJSDate();
  }

  /** A day without a time means its end. */
  private expiry(written: string, zone: string, field: string): Date | null {
    return endOfDay(written, zone) ?? this.optionalInstant(written, zone, field);
  }

  private optionalInstant(written: string, zone: string, field: string): Date | null {
    return written === '' ? null : this.instant(written, zone, field);
  }

  private audience({ mailingListId, contactId, transactionBatchId }: CreateEmailDistribution['recipients']): {
    listId: string | null;
    contactId: string | null;
  } {
    if (transactionBatchId !== '') {
      throw new Invalid('recipients.transactionBatchId: transaction batches are not known here; name a mailing list.');
    }
    if (mailingListId === '' && contactId === '') {
      throw new Invalid('recipients: name a mailingListId, a contactId or both.');
    }
    return {
      listId:
        mailingListId === '' ? null : (this.ids.tryRead('ML', mailingListId) ?? this.ids.read('CG', mailingListId)),
      contactId: contactId === '' ? null : (this.ids.tryRead('MLRP', contactId) ?? this.ids.read('CID', contactId)),
    };
  }
}

/** Only waves can be asked for here; nobody is known by the anonymous link, so nobody can be counted by it. */
function planOf({ waves, surveyLink }: CreateEmailDistribution): Pick<Composition, 'plan'> {
  if (!waves) {
    return {};
  }
  const { portions, everyHours, untilFinished = null } = waves;
  if (untilFinished !== null && surveyLink?.type === 'Anonymous') {
    throw new Invalid(`waves.untilFinished: ${UNCOUNTED}`);
  }
  return { plan: { ...AT_ONCE, waves: { portions, everyHours, untilFinished } } };
}
