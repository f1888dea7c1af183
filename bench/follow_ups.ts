/**
 * Rounds of reminders: seconds for a look at everybody whom an invitation reached while nobody's days are over, and for a
 * round that takes all of them; of a reminder that counts from the invitation, and of one that counts from the last
 * reminder, which everybody has.
 *
 * Arguments: the numbers of people, default 10000 100000.
 */
import { deepStrictEqual } from 'node:assert';
import { DistributionsService } from '../src/distributions/distributions.service.js';
import type { Distribution } from '../src/ledger/distribution.entity.js';
import { FollowUpsService } from '../src/distributions/follow_ups/follow_ups.service.js';
import { Rounds } from '../src/distributions/follow_ups/rounds.js';
import { PlanningService } from '../src/planning/planning.service.js';
import { analysed, anAudience } from './support/audience.js';
import { theMail } from './support/distributions.js';
import { anInstallation, type Installation } from './support/installation.js';
import { keep, measured, rounded, sizesOr } from './support/measure.js';

/** Mails of the invitation left over so many hours. */
const SPREAD_HOURS = 10;

interface Row {
  people: number;
  after: string;
  lookSeconds: number;
  roundSeconds: number;
  perSecond: number;
}

async function rowsOf(installation: Installation, people: number): Promise<Row[]> {
  const { app, actor, surveyId } = installation;
  const listId = await anAudience(installation, people);
  const invitation = await app
    .get(DistributionsService)
    .create(actor, surveyId, theMail(listId, `invitation ${people}`));
  await app.get(PlanningService).plan({ brandId: actor.brandId, distributionId: invitation.id });
  await accepted(installation, invitation.id);
  const rows: Row[] = [];
  for (const afterWhat of ['invitation', 'last_reminder'] as const) {
    const reminder = await aReminder(installation, invitation, afterWhat);
    const key = { brandId: actor.brandId, distributionId: reminder.id };
    await analysed(installation);
    const look = await measured(() => app.get(Rounds).take(key));
    deepStrictEqual(await reminded(installation, reminder.id), 0);
    await earlier(installation);
    await analysed(installation);
    const round = await measured(() => app.get(Rounds).take(key));
    deepStrictEqual(await reminded(installation, reminder.id), people);
    await accepted(installation, reminder.id);
    const perSecond = Math.round(people / round.seconds);
    rows.push({
      people,
      after: afterWhat,
      lookSeconds: rounded(look.seconds, 2),
      roundSeconds: rounded(round.seconds, 2),
      perSecond,
    });
  }
  return rows;
}

function aReminder(
  { app, actor }: Installation,
  invitation: Distribution,
  afterWhat: 'invitation' | 'last_reminder',
): Promise<Distribution> {
  const { listId: _list, contactId: _contact, listName: _name, linkType: _type, ...rest } = theMail('', afterWhat);
  const { linkDays: _days, linkExpiresAt: _end, skipFinished: _skip, embedded: _embedded, ...mail } = rest;
  const time = { afterHours: 72, afterWhat, atOnce: false };
  return app.get(FollowUpsService).create(actor, invitation.id, { requestType: 'Reminder', mail, time });
}

/** As if all of it had left by now. */
async function accepted({ database, actor }: Installation, id: string): Promise<void> {
  await database.inBrand(actor.brandId, async (unit) => {
    await unit.run(
      `UPDATE messages SET state = 'accepted', run_at = NULL, final_at = now(), wire_at = now(),
         accepted_at = now() - random() * $2::int * interval '1 hour' WHERE distribution_id = $1`,
      [id, SPREAD_HOURS],
    );
    await unit.run(`UPDATE distributions SET status = 'done', takes_more = false WHERE id = $1`, [id]);
  });
}

/** Four days go by. */
async function earlier({ database, actor }: Installation): Promise<void> {
  await database.inBrand(actor.brandId, async (unit) => {
    await unit.run(
      `UPDATE messages SET wire_at = wire_at - interval '4 days', accepted_at = accepted_at - interval '4 days'`,
    );
    await unit.run('UPDATE distributions SET late_after_hours = NULL');
  });
}

async function reminded({ database, actor }: Installation, id: string): Promise<number> {
  const { n } = await database.inBrand(actor.brandId, (unit) =>
    unit.one<{ n: number }>('SELECT count(*)::int AS n FROM messages WHERE distribution_id = $1', [id]),
  );
  return n;
}

// No worker: what is planned must not be sent while it is measured.
const installation = await anInstallation({ ROLE: 'web', SMTP_URL: 'smtp://127.0.0.1:9' });
try {
  await rowsOf(installation, 500); // warms it up
  const rows: Row[] = [];
  for (const size of sizesOr([10_000, 100_000])) {
    rows.push(...(await rowsOf(installation, size)));
  }
  console.table(rows);
  await keep('follow_ups', { rows });
} finally {
  await installation.close();
}
