/**
 * Planning: seconds from an audience to its ledger, with every skip rule and a frequency rule asked, beside the limit: the very same rows of
 * links and messages by one INSERT … SELECT each into tables with the same indexes, but without foreign keys, counters,
 * rules and the wall between brands. Then how long a worker waits for its next hundred messages.
 *
 * Arguments: the sizes to plan, default 10000 100000 (1000000 takes minutes).
 */
import { deepStrictEqual } from 'node:assert';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DistributionsService } from '../src/distributions/distributions.service.js';
import { claim, giveUpLeases } from '../src/ledger/ledger.sql.js';
import { PlanningService } from '../src/planning/planning.service.js';
import { analysed, anAudience } from './support/audience.js';
import { theMail } from './support/distributions.js';
import { anInstallation, type Installation } from './support/installation.js';
import { exponent, keep, measured, rounded, sizesOr } from './support/measure.js';

/** One in so many has opted out. */
const OPT_OUTS = 100;
const CLAIMS = 20;

interface Row {
  recipients: number;
  seconds: number;
  limitSeconds: number;
  ratio: number;
  perSecond: number;
  claimMilliseconds: number;
  rssMegabytes: number;
}

/** One frequency rule that looks at everybody and forbids nobody. */
async function aRule({ database, actor }: Installation): Promise<void> {
  await database.inBrand(actor.brandId, (unit) =>
    unit.run(
      `INSERT INTO frequency_rules (brand_id, owner_id, name, most, period_hours, counts, created_at, modified_at)
       VALUES ($1, $2, 'Often enough', 50, 720, '{Invite,Reminder}', now(), now())`,
      [actor.brandId, actor.userId],
    ),
  );
}

async function row(installation: Installation, recipients: number): Promise<Row> {
  const { app, actor, surveyId } = installation;
  const listId = await anAudience(installation, recipients);
  const { brandId } = actor;
  await installation.database.inBrand(brandId, (unit) =>
    unit.run(
      `UPDATE contacts SET opted_out_at = now() FROM contact_list_members m
       WHERE m.list_id = $1 AND contacts.id = m.contact_id AND contacts.id % $2 = 0`,
      [listId, OPT_OUTS],
    ),
  );
  await analysed(installation);
  const { id } = await app.get(DistributionsService).create(actor, surveyId, theMail(listId, `planning ${recipients}`));
  const ours = await measured(() => app.get(PlanningService).plan({ brandId, distributionId: id }));
  await check(installation, id, recipients);
  const claimMilliseconds = await claimTime(installation, id);
  const limitSeconds = await limit(installation.superuserUrl, id);
  return {
    recipients,
    seconds: rounded(ours.seconds, 2),
    limitSeconds: rounded(limitSeconds, 2),
    ratio: rounded(limitSeconds / ours.seconds, 2),
    perSecond: Math.round(recipients / ours.seconds),
    claimMilliseconds,
    rssMegabytes: ours.rssMegabytes,
  };
}

/** Everybody has one message, whoever opted out is skipped, all others have a link of their own. */
async function check({ database, actor }: Installation, id: string, recipients: number): Promise<void> {
  const counted = await database.inBrand(actor.brandId, (unit) =>
    unit.one(
      `SELECT count(*)::int AS all, count(DISTINCT link_id)::int + count(*) FILTER (WHERE state = 'skipped')::int AS settled,
         count(*) FILTER (WHERE state = 'skipped' AND m.contact_id % $2 <> 0)::int AS wrong
       FROM messages m WHERE distribution_id = $1`,
      [id, OPT_OUTS],
    ),
  );
  deepStrictEqual(counted, { all: recipients, settled: recipients, wrong: 0 });
}

/** The middle of some claims of a hundred, on the ledger as planning left it. */
async function claimTime({ database, actor }: Installation, distributionId: string): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < CLAIMS; turn += 1) {
    const token = randomUUID();
    const now = new Date();
    const began = performance.now();
    await database.inBrand(actor.brandId, (unit) =>
      claim(unit, { distributionId, token, now, leaseUntil: new Date(now.getTime() + 300_000), size: 100 }),
    );
    times.push(performance.now() - began);
    await database.inBrand(actor.brandId, (unit) => giveUpLeases(unit, token));
  }
  return rounded(times.toSorted((one, other) => one - other)[CLAIMS / 2]!, 1);
}

async function limit(databaseUrl: string, id: string): Promise<number> {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  for (const table of ['links', 'messages']) {
    await owner.query(`CREATE TABLE plain_${table} (LIKE ${table} INCLUDING ALL EXCLUDING GENERATED)`);
  }
  const began = performance.now();
  for (const table of ['links', 'messages']) {
    await owner.query(
      `INSERT INTO plain_${table} OVERRIDING SYSTEM VALUE SELECT * FROM ${table} WHERE distribution_id = $1`,
      [id],
    );
  }
  const seconds = (performance.now() - began) / 1000;
  await owner.query('DROP TABLE plain_links, plain_messages');
  await owner.end();
  return seconds;
}

// No worker: what is planned must not be sent while it is measured.
const installation = await anInstallation({ ROLE: 'web', SMTP_URL: 'smtp://127.0.0.1:9' });
try {
  await aRule(installation);
  await row(installation, 500); // warms it up
  const rows: Row[] = [];
  for (const size of sizesOr([10_000, 100_000])) {
    rows.push(await row(installation, size));
  }
  const growth = exponent(rows.map(({ recipients, seconds }) => ({ size: recipients, seconds })));
  console.table(rows);
  console.log(`growth: ${growth === undefined ? 'one size only' : `n^${growth}`}`);
  await keep('planning', { rows, exponent: growth });
} finally {
  await installation.close();
}
