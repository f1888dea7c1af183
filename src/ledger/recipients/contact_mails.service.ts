import { Injectable } from '@nestjs/common';
import { type MemberRow, type Membership, ContactsService } from '../../contacts/contacts.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { NotAllowed, NotFound } from '../../platform/errors.js';
import { DisclosuresService } from '../../responses/disclosures.service.js';
import { type StakedSurvey, SurveysService } from '../../surveys/surveys.service.js';
import { Distribution } from '../distribution.entity.js';
import { type ContactMailRow, contactMails } from './contact_mails.sql.js';
import { disclosedRows } from './disclosed_rows.js';

/** A mail or link as its reader may have it. */
export interface ContactMail {
  row: ContactMailRow;
  distribution: Distribution;
  survey: StakedSurvey['survey'];
}

export interface ContactMailsFound {
  contact: MemberRow;
  memberships: Membership[];
  mails: ContactMail[];
  /** How many are of surveys that the reader has no access to. */
  hidden: number;
  /** The number of the last message looked at, where there are more. */
  last: string | undefined;
}

/** What went to one contact, whatever distribution it is of: as much as the reader may see of each survey. */
@Injectable()
export class ContactMails {
  constructor(
    private readonly database: Database,
    private readonly contacts: ContactsService,
    private readonly surveys: SurveysService,
    private readonly disclosures: DisclosuresService,
    private readonly clock: Clock,
  ) {}

  /** @throws {NotFound} for a contact of another brand */
  async of(
    actor: Actor,
    contactId: string,
    position: { size: number; after: string | undefined },
  ): Promise<ContactMailsFound> {
    const contact = await this.contacts.mustFind(actor, contactId);
    const memberships = await this.contacts.memberships(actor, contactId);
    const { rows, distributions } = await this.database.inBrand(actor.brandId, async (unit) => {
      const found = await contactMails(unit, contactId, position);
      const ids = [...new Set(found.map(({ distributionId }) => distributionId))];
      return { rows: found, distributions: await unit.em.find(Distribution, { id: { $in: ids } }) };
    });
    const shown = rows.slice(0, position.size);
    const surveys = await this.visible(actor, distributions);
    const mails = shown.flatMap((row) => {
      const distribution = distributions.find(({ id }) => id === row.distributionId);
      const staked = distribution && surveys.get(distribution.surveyId);
      if (distribution === undefined || staked === undefined) {
        return [];
      }
      const disclosure = this.disclosures.towards(actor, staked);
      const told = disclosedRows(disclosure, distribution, [row], this.clock.now());
      return told.map((one) => ({ row: one, distribution, survey: staked.survey }));
    });
    const last = rows.length > position.size ? shown.at(-1)?.id : undefined;
    return { contact, memberships, mails, hidden: shown.length - mails.length, last };
  }

  private async visible(actor: Actor, distributions: Distribution[]): Promise<Map<string, StakedSurvey>> {
    const found = new Map<string, StakedSurvey>();
    for (const surveyId of new Set(distributions.map((one) => one.surveyId))) {
      try {
        found.set(surveyId, await this.surveys.mustFind(actor, surveyId, 'distributions:access'));
      } catch (error) {
        if (!(error instanceof NotFound || error instanceof NotAllowed)) {
          throw error;
        }
      }
    }
    return found;
  }
}
