import { Injectable } from '@nestjs/common';
import { ContactsService, type OptOutStatus } from '../../contacts/contacts.service.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';
import { Ids } from '../../platform/ids.js';
import { Live } from '../../platform/web/live.js';

/** Mails that try a message out carry the opt-out token of no message. */
export const TEST_MESSAGE_ID = '0';

/** The mail that somebody holds in hands, and what its recipient has said so far. */
export interface OptOutCase {
  brandId: string;
  messageId: string;
  contactId: string | null;
  listId: string | null;
  distributionId: string;
  surveyId: string;
  language: string;
  brand: { name: string; accent: string; privacyUrl: string; imprintUrl: string };
  /** Undefined where the person was erased. */
  status: OptOutStatus | undefined;
}

export interface OptOutWish {
  level: 'list' | 'brand';
  turn: 'out' | 'in';
  by: 'link' | 'one-click' | 'mail';
}

/**
 * The wishes of people who want no more mails. The token is the right: no session, no cookie, and it works for as long
 * as the message's row exists, whatever became of the survey, the distribution or the list.
 */
@Injectable()
export class OptOutsService {
  constructor(
    private readonly database: Database,
    private readonly contacts: ContactsService,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly live: Live,
  ) {}

  /**
   * @returns `'test'` for the link of a test mail
   * @throws {NotFound} for a token that this installation did not make, or whose message is gone
   */
  async caseOf(token: string): Promise<OptOutCase | 'test'> {
    const messageId = this.ids.readToken('opt-out', token);
    if (messageId === TEST_MESSAGE_ID) {
      return 'test';
    }
    const [found] = await this.database.outsideBrands((unit) =>
      unit.sql<{ brand_id: string }>('SELECT brand_id FROM find_message($1)', [messageId ?? '-1']),
    );
    if (found === undefined || messageId === undefined) {
      throw new NotFound('This link leads nowhere.');
    }
    return this.database.inBrand(found.brand_id, (unit) => this.read(unit, found.brand_id, messageId));
  }

  /** Does what was wished and says how things stand then; a wish that was fulfilled before changes nothing. */
  async fulfil(found: OptOutCase, { level: wished, turn, by }: OptOutWish): Promise<OptOutCase> {
    const { brandId, contactId } = found;
    if (contactId === null) {
      await this.remember(found, turn);
      return found;
    }
    const level = found.status?.listName === null ? 'brand' : wished;
    const listId = level === 'list' ? found.listId : null;
    return this.database.inBrand(brandId, async (unit) => {
      const at = this.clock.now();
      if (turn === 'out') {
        await this.contacts.optOut(brandId, { contactId, listId, level, by, at });
      } else {
        await this.contacts.optBackIn(brandId, { contactId, listId, level });
      }
      const after = await this.read(unit, brandId, found.messageId);
      if (isOut(after, level) !== isOut(found, level)) {
        await this.note(unit, after, { level, turn, by }, at);
      }
      return after;
    });
  }

  /** Somebody wrote to the address for it instead of pressing the button. */
  async byMail(brandId: string, messageId: string): Promise<void> {
    const found = await this.database.inBrand(brandId, (unit) => this.read(unit, brandId, messageId));
    await this.fulfil(found, { level: 'list', turn: 'out', by: 'mail' });
  }

  /** The person is erased here; that nothing is to go to the address stays, as a hash. */
  private async remember({ brandId, messageId }: OptOutCase, turn: 'out' | 'in'): Promise<void> {
    await this.database.inBrand(brandId, async (unit) => {
      const [message] = await unit.sql<{ address: string }>('SELECT address FROM messages WHERE id = $1', [messageId]);
      if (turn === 'out' && message !== undefined && message.address !== '') {
        const { address } = message;
        await this.contacts.suppress(brandId, { address, reason: 'opted_out', at: this.clock.now(), messageId });
      }
    });
  }

  private async read(unit: Unit, brandId: string, messageId: string): Promise<OptOutCase> {
    const row = await unit.one<Omit<OptOutCase, 'brand' | 'status'> & OptOutCase['brand']>(
      `SELECT m.brand_id AS "brandId", m.id AS "messageId", m.contact_id AS "contactId", d.list_id AS "listId",
         m.distribution_id AS "distributionId", m.survey_id AS "surveyId", coalesce(m.recipient ->> 'language', '') AS language,
         b.name, b.accent, b.privacy_url AS "privacyUrl", b.imprint_url AS "imprintUrl"
       FROM messages m JOIN distributions d ON d.brand_id = m.brand_id AND d.id = m.distribution_id
       JOIN brands b ON b.id = m.brand_id WHERE m.id = $1`,
      [messageId],
    );
    const { name, accent, privacyUrl, imprintUrl, ...rest } = row;
    const status =
      row.contactId === null ? undefined : await this.contacts.statusOf(brandId, row.contactId, row.listId);
    return { ...rest, brand: { name, accent, privacyUrl, imprintUrl }, status };
  }

  /** The ledger counts who is out because of this mail; its history keeps every turn. */
  private async note(unit: Unit, found: OptOutCase, { level, turn, by }: OptOutWish, at: Date): Promise<void> {
    const isOutNow = isOut(found, 'list') || isOut(found, 'brand');
    await unit.run(
      'UPDATE messages SET opted_out_at = CASE WHEN $2 THEN coalesce(opted_out_at, $3::timestamptz) END WHERE id = $1',
      [found.messageId, isOutNow, at],
    );
    await unit.run(
      `INSERT INTO message_events (brand_id, message_id, kind, source, source_key, at, content)
       VALUES ($1, $2, $3, $4, gen_random_uuid()::text, $5, jsonb_build_object('level', $6::text))`,
      [found.brandId, found.messageId, turn === 'out' ? 'opted_out' : 'opted_in', by, at, level],
    );
    await this.live.changed(unit, `distribution:${found.distributionId}`);
    await this.live.changed(unit, `survey:${found.surveyId}`);
  }
}

function isOut({ status }: OptOutCase, level: 'list' | 'brand'): boolean {
  const at = level === 'list' ? status?.listOptedOutAt : status?.brandOptedOutAt;
  return at !== null && at !== undefined;
}
