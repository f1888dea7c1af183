import { until } from '../../waiting.js';
import type { AppProcess } from '../../distributions/app_process.js';
import { invitationTo, sendToEverybody, untilDone } from '../../distributions/whole_send.js';
import { inAnInstallation, TOKEN } from './installation.js';

const ROUNDS = 20;
const PEOPLE = 60;
const AT_ONCE = 4;

describe('four equal calls at once, to two processes that both plan and send', () => {
  it('give everybody the mail, and nobody two of it', async () => {
    await inAnInstallation(async ({ sql, sink, app }) => {
      const both = [await app(), await app()] as const;
      const place = await sendToEverybody({ app: both[0], token: TOKEN, sql, people: PEOPLE });
      await untilDone({ app: both[0], token: TOKEN }, place);
      const list = await listOf(both[0]);
      const { header, ...rest } = invitationTo(place.split('surveyId=')[1]!, list) as { header: object };
      const got: Record<string, unknown> = {};
      for (let round = 1; round <= ROUNDS; round += 1) {
        const subject = `Round ${round}`;
        const mail = { ...rest, header: { ...header, subject } };
        const post = (n: number): Promise<unknown> =>
          both[n % 2 === 0 ? 0 : 1].call(TOKEN, 'POST', '/distributions', mail);
        await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => post(n)));
        await until(async () => {
          const { rows } = await sql.query(`SELECT FROM distributions WHERE status NOT IN ('done', 'failed')`);
          return rows.length === 0;
        });
        const { rows } = await sql.query<object>(
          `SELECT count(*)::int AS mails, count(DISTINCT m.contact_id)::int AS people FROM messages m
           JOIN distributions d ON d.id = m.distribution_id WHERE d.heading = $1 AND m.state = 'accepted'`,
          [subject],
        );
        got[subject] = rows[0];
      }
      expect(Object.values(got)).toEqual(Array.from({ length: ROUNDS }, () => ({ mails: PEOPLE, people: PEOPLE })));
      expect(sink.witnessed()).toHaveLength((1 + ROUNDS) * PEOPLE);
    });
  });
});

async function listOf(app: AppProcess): Promise<unknown> {
  const { body } = await app.call(TOKEN, 'GET', '/mailinglists');
  return (body.result['elements'] as { id: unknown }[])[0]!.id;
}
