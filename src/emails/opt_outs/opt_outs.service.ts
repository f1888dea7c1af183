import { tellOf } from '../../ledger/live/distribution.topics.js';
import { Injectable } from '@nestjs/common';
import { type AddressStatus, type Known, WishesService } from '../../contacts/wishes.service.js';
import { noteEvent, noteOptOut } from '../../ledger/events.sql.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';
import { Ids } from '../../platform/ids.js';

/** Mails that try a message out carry the opt-out token of no message. */
export const TEST_MESSAGE_ID = '0';

/** The mail that somebody holds in hands, its recipient, or who came back with the address, and what they have said so far. */
export interface OptOutCase extends Known {
  brandId: string;
  messageId: string;
  /** The list that the mail went to; null where there was none, or it is gone. */
  listId: string | null;
  /** As recipients know it. */
  listName: string | null;
  distributionId: string;
  surveyId: string;
  language: string;
  brand: { name: string; accent: string; privacyUrl: string; imprintUrl: string };
  status: AddressStatus;
}

export interface OptOutWish {
  level: 'list' | 'brand';
  turn: 'out' | 'in';
  by: 'link' | 'one-click' | 'mail';
}

/**
 * The wishes of people who want no more mails. The token is the right: no session, no cookie, and it works for as long
 * as the message's row exists, whatever became of the survey, the distribution, the list or the contact.
 */
@Injectable()
export class OptOutsService {
  constructor(
    private readonly database: Database,
    private readonly wishes: WishesService,
    private readonly clock: Clock,
    private readonly ids: Ids,
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
    return this.database.inBrand(found.brand_id, (unit) => this.read(unit, messageId));
  }

  /** Does what was wished and says how things stand then; a wish that was fulfilled before changes nothing. */
  fulfil(found: OptOutCase, optOutWish: OptOutWish): Promise<OptOutCase> {
    return this.database.inBrand(found.brandId, (unit) => this.fulfilIn(unit, found, optOutWish));
  }

  /** As `fulfil`, in a unit that is open. */
  async fulfilIn(unit: Unit, found: OptOutCase, { level: wished, turn, by }: OptOutWish): Promise<OptOutCase> {
    const level = found.listId === null ? 'brand' : wished;
    const at = this.clock.now();
    const listId = level === 'list' ? found.listId : null;
    await (turn === 'out'
      ? this.wishes.keep(unit, found.brandId, { ...found, listId, by, at })
      : this.wishes.takeBack(unit, found, listId));
    const after = await this.read(unit, found.messageId);
    if (isOut(after, level) !== isOut(found, level)) {
      await this.note(unit, after, { level, turn, by }, at);
    }
    return after;
  }

  /** Somebody wrote to the address for it instead of pressing the button. */
  async byMail(unit: Unit, messageId: string): Promise<void> {
    const found = await this.read(unit, messageId);
    await this.fulfilIn(unit, found, { level: 'list', turn: 'out', by: 'mail' });
  }

  private async read(unit: Unit, messageId: string): Promise<OptOutCase> {
    const row = await unit.one<Omit<OptOutCase, 'brand' | 'status'> & OptOutCase['brand']>(CASE_OF, [messageId]);
    const { name, accent, privacyUrl, imprintUrl, ...rest } = row;
    const status = await this.wishes.statusOfIn(unit, rest, rest.listId);
    return { ...rest, brand: { name, accent, privacyUrl, imprintUrl }, status };
  }

  /** The ledger counts who is out because of this mail; its history keeps every turn. */
  private async note(unit: Unit, found: OptOutCase, { level, turn, by }: OptOutWish, at: Date): Promise<void> {
    const isOutNow = isOut(found, 'list') || isOut(found, 'brand');
    await noteOptOut(unit, found.messageId, isOutNow, at);
    await noteEvent(unit, {
      brandId: found.brandId,
      messageId: found.messageId,
      kind: turn === 'out' ? 'opted_out' : 'opted_in',
      source: by,
      at,
      content: { level },
    });
    tellOf(unit, { id: found.distributionId, surveyId: found.surveyId });
  }
}

function isOut({ status }: OptOutCase, level: 'list' | 'brand'): boolean {
  return (level === 'list' ? status.listOptedOutAt : status.brandOptedOutAt) !== null;
}

/** A segment's mail went to the list that it drew on, where that is one. A reminder has the audience of its invitation. */
const CASE_OF = `
  SELECT m.brand_id AS "brandId", m.id AS "messageId", m.address, m.address_hash AS hash, m.distribution_id AS "distributionId",
    m.survey_id AS "surveyId", coalesce(m.recipient ->> 'language', '') AS language,
    coalesce(m.contact_id, (SELECT c.id FROM contacts c WHERE c.brand_id = m.brand_id AND m.address <> ''
      AND c.match_key = 'e:' || lower(m.address))) AS "contactId",
    l.id AS "listId", CASE WHEN l.id IS NOT NULL THEN coalesce(nullif(l.public_name, ''), b.name) END AS "listName",
    b.name, b.accent, b.privacy_url AS "privacyUrl", b.imprint_url AS "imprintUrl"
  FROM messages m JOIN distributions d ON d.brand_id = m.brand_id AND d.id = m.distribution_id
  JOIN distributions i ON i.brand_id = d.brand_id AND i.id = coalesce(d.parent_id, d.id)
  JOIN brands b ON b.id = m.brand_id
  LEFT JOIN contact_lists l ON l.brand_id = m.brand_id
    AND l.id = coalesce(d.list_id, CASE WHEN cardinality(i.drew_on) = 1 THEN i.drew_on[1] END)
  WHERE m.id = $1`;
