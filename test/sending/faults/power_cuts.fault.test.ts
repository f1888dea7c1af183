import { randomInt } from 'node:crypto';
import { account, randomBy } from '../../distributions/accounting.js';
import type { AppProcess } from '../../distributions/app_process.js';
import { moreMails, sendToEverybody, untilDone } from '../../distributions/whole_send.js';
import { CONNECTIONS, inAnInstallation, TOKEN } from './installation.js';
import { until } from '../../waiting.js';

const PEOPLE = 300;
/** More rounds, each at another moment: FAULT_RUNS=20. */
const RUNS = Number(process.env['FAULT_RUNS'] ?? 1);

async function untilDead(app: AppProcess): Promise<void> {
  // Otherwise it lives on and never came to its failpoint.
  const isDead = (): Promise<boolean> =>
    fetch(`${app.url}/healthz`).then(
      () => false,
      () => true,
    );
  await until(isDead);
}

const seed = Number(process.env['FAULT_SEED'] ?? randomInt(1, 1_000_000));
process.stdout.write(`power cuts: FAULT_SEED=${seed}\n`);
const chance = randomBy(seed);

/** So that the audience is written in four steps, and a cut comes between them. */
const PLANNING_BATCH = '80';

/** Where the power goes, the first and the latest pass that are tried, and the most mails that may be in doubt after it. */
const POINTS: [string, number, number, number][] = [
  ['planned', 1, 1, 0],
  ['planned', 2, 3, 0],
  ['claimed', 1, 3, 2 * CONNECTIONS],
  ['wired', 1, PEOPLE / 2, 2 * CONNECTIONS],
  ['accepted', 1, PEOPLE / 2, 2 * CONNECTIONS],
];

describe.each(POINTS)('a power cut at “%s”, from pass %i', (name, earliest, latest, mostDoubts) => {
  it.each(Array.from({ length: RUNS }, (_, run) => run + 1))(
    'loses nobody, and writes twice only to those in doubt (round %i)',
    async (_round) => {
      const point = `${name}:${earliest + Math.floor(chance() * (latest - earliest + 1))}`;
      process.stdout.write(`power cut at ${point}\n`);
      await inAnInstallation(async ({ sql, sink, app }) => {
        const doomed = await app({ FAILPOINT: point, PLANNING_BATCH });
        // The API's own answer may be cut off with the power.
        const place = await sendToEverybody({ app: doomed, token: TOKEN, sql, people: PEOPLE });
        await untilDead(doomed);
        if (name === 'planned') {
          // What was planned before the step that died is kept, and nothing of that step.
          const { rows } = await sql.query<{ n: number }>('SELECT count(*)::int AS n FROM messages');
          expect(rows).toEqual([{ n: (Number(point.split(':')[1]) - 1) * Number(PLANNING_BATCH) }]);
        }
        const next = await app({ PLANNING_BATCH });
        await untilDone({ app: next, token: TOKEN }, place);
        const { doubts } = await account(sql, sink, PEOPLE);
        expect(doubts).toBeLessThanOrEqual(mostDoubts);
      });
    },
    120_000,
  );
});

it('ends in order when it is told to stop in the middle of a send: nothing in doubt, nothing twice', async () => {
  await inAnInstallation(async ({ sql, sink, app }) => {
    const first = await app();
    const place = await sendToEverybody({ app: first, token: TOKEN, sql, people: PEOPLE });
    await moreMails(sink, 60, PEOPLE);
    expect(await first.stop()).toBe(0);
    const next = await app();
    await untilDone({ app: next, token: TOKEN }, place);
    expect(await account(sql, sink, PEOPLE)).toEqual({ doubts: 0, extra: 0 });
  });
});

it('ends in time although a server never answers: what hangs is in doubt and written down', async () => {
  await inAnInstallation(
    async ({ sql, sink, app }) => {
      const first = await app({ DRAIN_SECONDS: '2', WIRE_SECONDS: '600', RESEND_SECONDS: '600' });
      await sendToEverybody({ app: first, token: TOKEN, sql, people: PEOPLE });
      await moreMails(sink, CONNECTIONS, PEOPLE);
      expect(await first.stop()).toBe(0);
      const { rows } = await sql.query<{ state: string; n: number }>(
        'SELECT state, count(*)::int AS n FROM messages GROUP BY state ORDER BY state',
      );
      const states = Object.fromEntries(rows.map(({ state, n }) => [state, n]));
      expect(states).toEqual({ uncertain: sink.witnessed().length, queued: PEOPLE - sink.witnessed().length });
      const { rows: sendings } = await sql.query<{ status: string }>('SELECT status FROM distributions');
      expect(sendings).toEqual([{ status: 'sending' }]);
    },
    ['--delay', '600000'],
  );
});
