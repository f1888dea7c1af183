import { Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import { mustBeAllowed } from '../../brands/access.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Invalid } from '../../platform/errors.js';
import type { Say } from '../../platform/web/words.js';
import type { ContactList } from '../lists/contact_list.entity.js';
import { ContactListsService } from '../lists/contact_lists.service.js';
import { type BadLine, MOST_LINES, type Pasted, readPasted } from './pasted_contacts.js';

const SHOWN = 100;

/** Some lines are nobody; nothing was made. */
export class BadLines extends Invalid {
  constructor(
    message: string,
    readonly lines: BadLine[],
  ) {
    super(message, { people: message });
  }

  /** Model of `contacts/_bad_lines`. @param say says a sentence of `views/contacts` */
  shown(say: Say, leaveOut: boolean): object {
    const { lines } = this;
    return {
      bad: lines
        .slice(0, SHOWN)
        .map(({ line, reason, text }) => ({ text, reason: say('paste.bad', { line, reason }) })),
      moreBad: lines.length > SHOWN ? say('paste.moreBad', { count: lines.length - SHOWN }) : undefined,
      leaveOut:
        lines.length === 0
          ? undefined
          : { name: 'leaveOut', label: say('paste.leaveOut', { count: lines.length }), value: 'on', checked: leaveOut },
    };
  }
}

/** Whoever is known is completed, never overwritten; the new ones are made; all of them become members. */
const PUT = `
  WITH given AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb) AS p (email text, "firstName" text, "lastName" text)
  ), put AS (
    INSERT INTO contacts (brand_id, first_name, last_name, email, created_at, modified_at)
    SELECT $1, "firstName", "lastName", email, $4, $4 FROM given ORDER BY lower(email)
    ON CONFLICT (brand_id, match_key) DO UPDATE SET
      first_name = CASE WHEN contacts.first_name = '' THEN EXCLUDED.first_name ELSE contacts.first_name END,
      last_name = CASE WHEN contacts.last_name = '' THEN EXCLUDED.last_name ELSE contacts.last_name END
    RETURNING id
  ), joined AS (
    INSERT INTO contact_list_members (brand_id, list_id, contact_id, added_at) SELECT $1, $3, id, $4 FROM put RETURNING 1
  )
  UPDATE contact_lists SET contact_count = (SELECT count(*) FROM joined) WHERE id = $3`;

const COUNT_OPTED_OUT = `
  SELECT count(*)::int AS count FROM contact_list_members m JOIN contacts c ON c.brand_id = m.brand_id AND c.id = m.contact_id
  WHERE m.brand_id = $1 AND m.list_id = $2 AND c.opted_out_at IS NOT NULL`;

/** A list that was made of pasted people. */
export interface MadeList {
  list: ContactList;
  /** Who of them said no before, and gets no mails. */
  optedOut: number;
}

/** People who are pasted, mostly to write to them once: they become a list with the date in its name. */
@Injectable()
export class PastedContactsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly lists: ContactListsService,
  ) {}

  /**
   * @param leaveOut makes the list of the good lines although others are nobody
   * @throws {BadLines} naming each line that is nobody
   */
  makeList(actor: Actor, wish: { people: string; name: string }, leaveOut: boolean): Promise<MadeList> {
    return this.database.inBrand(actor.brandId, (unit) => this.makeListIn(unit, actor, wish, leaveOut));
  }

  /** As `makeList`, in a unit that is open. */
  async makeListIn(
    unit: Unit,
    actor: Actor,
    { people: text, name }: { people: string; name: string },
    leaveOut: boolean,
  ): Promise<MadeList> {
    mustBeAllowed(actor, 'directory:edit');
    const pasted = readPasted(text);
    this.mustBePeople(pasted, leaveOut);
    const { people } = pasted;
    const list = await this.lists.createIn(unit, actor, name.trim() === '' ? this.datedName(actor) : name);
    await unit.run(PUT, [actor.brandId, JSON.stringify(people), list.id, this.clock.now()]);
    const { count } = await unit.one<{ count: number }>(COUNT_OPTED_OUT, [actor.brandId, list.id]);
    return { list, optedOut: count };
  }

  /** What a list of pasted people is called where nobody says. */
  datedName({ timeZone }: Actor): string {
    return `Pasted ${DateTime.fromJSDate(this.clock.now(), { zone: timeZone }).toFormat('d LLLL yyyy, HH:mm')}`;
  }

  private mustBePeople({ people, bad, isCut }: Pasted, leaveOut: boolean): void {
    if (isCut || people.length + bad.length > MOST_LINES) {
      throw new BadLines(`These are more than ${MOST_LINES.toLocaleString('en')} people. Import them as a file.`, []);
    }
    if (bad.length > 0 && !leaveOut) {
      throw new BadLines('Of some lines nobody could be made. Mend them, or leave them out.', bad);
    }
    if (people.length === 0) {
      throw new BadLines('Paste at least one e-mail address.', bad);
    }
  }
}
