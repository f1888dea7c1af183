import { inAnInstallation, TOKEN } from '../../sending/faults/installation.js';
import { invitationTo, sendToEverybody, untilDone } from '../../distributions/whole_send.js';

const ROUNDS = 10;
const AT_ONCE = 6;

describe('a program that repeats a call with its Idempotency-Key at the same time to two processes', () => {
  it('makes one distribution, and every answer names it', async () => {
    await inAnInstallation(async ({ sql, app }) => {
      const both = [await app(), await app({ ROLE: 'web' })];
      const place = await sendToEverybody({ app: both[0]!, token: TOKEN, sql, people: 3 });
      await untilDone({ app: both[0]!, token: TOKEN }, place);
      const { rows } = await sql.query<{ at: string }>(
        `SELECT to_char(now() + interval '2 days', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at FROM contact_lists`,
      );
      const surveyId = place.split('surveyId=')[1]!;
      const list = await listOf(both[0]!.url);
      const { header, ...rest } = invitationTo(surveyId, list) as { header: object };
      for (let round = 0; round < ROUNDS; round += 1) {
        const body = JSON.stringify({
          ...rest,
          header: { ...header, subject: `Round ${round}` },
          sendDate: rows[0]!.at,
        });
        const answers = await Promise.all(
          Array.from({ length: AT_ONCE }, (_, n) => post(both[n % 2]!.url, body, `key-${round}`)),
        );
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
        expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      }
      const made = await sql.query(`SELECT heading FROM distributions WHERE heading LIKE 'Round %' ORDER BY id`);
      expect(made.rows).toHaveLength(ROUNDS);
    });
  });
});

async function post(url: string, body: string, key: string): Promise<{ status: number; id: unknown }> {
  const headers = { 'X-API-TOKEN': TOKEN, 'Content-Type': 'application/json', 'Idempotency-Key': key };
  const answer = await fetch(`${url}/API/v3/distributions`, { method: 'POST', headers, body });
  return { status: answer.status, id: ((await answer.json()) as { result?: { id?: unknown } }).result?.id };
}

async function listOf(url: string): Promise<unknown> {
  const answer = await fetch(`${url}/API/v3/mailinglists`, { headers: { 'X-API-TOKEN': TOKEN } });
  return ((await answer.json()) as { result: { elements: { id: unknown }[] } }).result.elements[0]!.id;
}
