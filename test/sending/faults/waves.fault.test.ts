import { randomInt } from 'node:crypto';
import type pg from 'pg';
import type { SinkProcess } from '../../mailer/witness.js';
import { pause, until } from '../../waiting.js';
import { randomBy } from '../../distributions/accounting.js';
import type { AppProcess } from '../../distributions/app_process.js';
import { invitationTo, sendToEverybody, untilDone } from '../../distributions/whole_send.js';
import { CONNECTIONS, inAnInstallation, TOKEN } from './installation.js';

const PEOPLE = 60;
const PORTIONS = 4;
const SIZE = PEOPLE / PORTIONS;
/** How many are to finish: fewer than in the first wave, and more than in the second, where a process dies in one round. */
const ROUNDS = [
  { wanted: 9, isCut: false },
  { wanted: 37, isCut: false },
  { wanted: 31, isCut: true },
];
/** How long at most nobody answers. */
const MOST_PAUSE_MS = 250;

const seed = Number(process.env['FAULT_SEED'] ?? randomInt(1, 1_000_000));
process.stdout.write(`waves: FAULT_SEED=${seed}\n`);
const chance = randomBy(seed);

interface Campaign {
  sql: pg.Client;
  id: string;
  wanted: number;
}

/** What a run of waves came to. */
interface Outcome {
  /** Released when so many had finished as were wanted, or when all had gone. */
  released: number;
  waves: object[];
  unsent: number;
}

describe('waves until a number has finished, of two processes that both plan and send', () => {
  it('stop when so many have finished, are never larger than they may be, and reach nobody twice, also when one process dies', async () => {
    await inAnInstallation(async ({ sql, sink, app }) => {
      const apps = [await app(), await app()] as const;
      const invitation = await aSurveyWithPeople(apps[0], sql);
      for (const [round, { wanted, isCut }] of ROUNDS.entries()) {
        const campaign = await begin(apps[round % 2]!, sql, { ...invitation, subject: `Round ${round}`, wanted });
        const before = sink.witnessed().length;
        const middle = before + SIZE + Math.ceil(chance() * (SIZE - 1));
        const cut = isCut && until(() => sink.witnessed().length >= middle).then(() => apps[0].kill());
        const { released, waves, unsent } = await walk(campaign);
        await cut;
        const reached = released * SIZE;
        expect({ wanted, waves, unsent }).toEqual({ wanted, waves: wavesAfter(released), unsent: PEOPLE - reached });
        await expectPaid(campaign, reached);
        const { people, doubts } = await account(campaign, sink);
        expect(people).toBe(reached);
        expect(doubts).toBeLessThanOrEqual(isCut ? CONNECTIONS : 0);
      }
    });
  });
});

interface Wish {
  surveyId: string;
  list: unknown;
  subject: string;
  wanted: number;
}

async function aSurveyWithPeople(app: AppProcess, sql: pg.Client): Promise<Pick<Wish, 'surveyId' | 'list'>> {
  const place = await sendToEverybody({ app, token: TOKEN, sql, people: PEOPLE });
  await untilDone({ app, token: TOKEN }, place);
  const { body } = await app.call(TOKEN, 'GET', '/mailinglists');
  return { surveyId: place.split('surveyId=')[1]!, list: (body.result['elements'] as { id: unknown }[])[0]!.id };
}

async function begin(app: AppProcess, sql: pg.Client, { surveyId, list, subject, wanted }: Wish): Promise<Campaign> {
  const { header, ...rest } = invitationTo(surveyId, list) as { header: object };
  const waves = { portions: PORTIONS, everyHours: 1, untilFinished: wanted };
  const { body } = await app.call(TOKEN, 'POST', '/distributions', { ...rest, waves, header: { ...header, subject } });
  expect(body.meta).toMatchObject({ httpStatus: '200 - OK' });
  const { rows } = await sql.query<{ id: string }>('SELECT id FROM distributions WHERE heading = $1', [subject]);
  return { sql, id: rows[0]!.id, wanted };
}

/** Its hours pass and people answer until it is done. */
async function walk(campaign: Campaign): Promise<Outcome> {
  let released: number | undefined;
  await until(async () => {
    await passAnHour(campaign);
    await pause(chance() * MOST_PAUSE_MS);
    await answer(campaign, 1 + Math.floor(chance() * 6));
    if ((await finished(campaign)) >= campaign.wanted) {
      released ??= await releasedSoFar(campaign);
    }
    return (await statusOf(campaign)) === 'done';
  });
  const { sql, id } = campaign;
  const { rows: waves } = await sql.query<object>(
    `SELECT wave, coalesce(reason, state) AS state, count(*)::int AS n FROM messages WHERE distribution_id = $1
     GROUP BY 1, 2 ORDER BY 1, 2`,
    [id],
  );
  const { rows } = await sql.query<{ n: number }>('SELECT waves_unsent AS n FROM distributions WHERE id = $1', [id]);
  return { released: released ?? (await releasedSoFar(campaign)), waves, unsent: rows[0]!.n };
}

/** The next wave is due when those before it have left, as they have within an hour. */
async function passAnHour({ sql, id }: Campaign): Promise<void> {
  await sql.query(
    `UPDATE distributions SET next_wave_at = now() WHERE id = $1 AND next_wave_at > now() AND NOT EXISTS (
       SELECT FROM messages WHERE distribution_id = $1 AND (state IN ('leased', 'wire') OR (state = 'queued' AND run_at IS NOT NULL)
         OR resend_at IS NOT NULL))`,
    [id],
  );
}

/** As if people who have the mail had come to the end of the survey by its link. */
async function answer({ sql, id }: Campaign, most: number): Promise<void> {
  await sql.query(
    `INSERT INTO response_outbox (brand_id, kind, link_id, at)
     SELECT brand_id, 'finished', link_id, now() FROM messages m
     WHERE distribution_id = $1 AND state = 'accepted' AND finished_at IS NULL
       AND NOT EXISTS (SELECT FROM response_outbox o WHERE o.link_id = m.link_id) ORDER BY random() LIMIT $2`,
    [id, most],
  );
}

async function finished({ sql, id }: Campaign): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM messages m WHERE distribution_id = $1
       AND (finished_at IS NOT NULL OR EXISTS (SELECT FROM response_outbox o WHERE o.link_id = m.link_id))`,
    [id],
  );
  return rows[0]!.n;
}

/** Waits for a process that releases one just now: what comes after this knows of all answers before it. */
async function releasedSoFar({ sql, id }: Campaign): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    'SELECT waves_released AS n FROM distributions WHERE id = $1 FOR UPDATE',
    [id],
  );
  return rows[0]!.n;
}

async function statusOf({ sql, id }: Campaign): Promise<string> {
  const { rows } = await sql.query<{ status: string }>('SELECT status FROM distributions WHERE id = $1', [id]);
  return rows[0]!.status;
}

/** All of what was released has arrived, and nothing of the rest has left. */
function wavesAfter(released: number): object[] {
  return Array.from({ length: PORTIONS }, (_, place) => ({
    wave: place + 1,
    state: place < released ? 'accepted' : 'enough_finished',
    n: SIZE,
  }));
}

/** The weekly limit has paid for what left, here and by all sends before. */
async function expectPaid({ sql, id }: Campaign, mails: number): Promise<void> {
  const { rows } = await sql.query<object>(
    `SELECT (SELECT count(*)::int FROM messages WHERE distribution_id = $1 AND reserved_hour IS NOT NULL) AS here,
       (SELECT count(*)::int FROM messages WHERE state = 'accepted')
         - (SELECT sum(reserved)::int FROM send_buckets WHERE scope = 'user') AS owed`,
    [id],
  );
  expect(rows).toEqual([{ here: mails, owed: 0 }]);
}

/** What the witness took of it: once each, and once more at most for each time that nobody could tell. */
async function account({ sql, id }: Campaign, sink: SinkProcess): Promise<{ people: number; doubts: number }> {
  const { rows } = await sql.query<{ header: string; doubts: number }>(
    `SELECT message_id_header AS header, (SELECT count(*)::int FROM message_attempts a
       WHERE a.brand_id = m.brand_id AND a.message_id = m.id AND a.outcome = 'uncertain') AS doubts
     FROM messages m WHERE distribution_id = $1`,
    [id],
  );
  const copies = new Map<string, number>();
  sink.witnessed().forEach(({ messageId }) => copies.set(messageId, (copies.get(messageId) ?? 0) + 1));
  const tooMany = rows.filter(({ header, doubts }) => (copies.get(header) ?? 0) > 1 + doubts);
  expect(tooMany).toEqual([]);
  const people = rows.filter(({ header }) => copies.has(header)).length;
  return { people, doubts: rows.reduce((sum, { doubts }) => sum + doubts, 0) };
}
