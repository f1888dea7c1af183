import { account } from '../../distributions/accounting.js';
import { moreMails, sendToEverybody, untilDone } from '../../distributions/whole_send.js';
import { CONNECTIONS, inAnInstallation, TOKEN } from './installation.js';
import { pause } from '../../waiting.js';

const PEOPLE = 400;

describe('a process that is frozen in the middle of a send', () => {
  it('is overtaken by the others, and changes nothing of theirs when it wakes up', async () => {
    await inAnInstallation(
      async ({ sql, sink, app }) => {
        const [first, second] = [await app(), await app({ ROLE: 'worker' })];
        const place = await sendToEverybody({ app: first, token: TOKEN, sql, people: PEOPLE });
        await moreMails(sink, 80, PEOPLE);
        second.freeze();
        await untilDone({ app: first, token: TOKEN }, place);
        const before = await stateOf(sql);
        second.thaw();
        await pause(3000);
        expect(await stateOf(sql)).toEqual(before);
        const { doubts } = await account(sql, sink, PEOPLE);
        expect(doubts).toBeLessThanOrEqual(CONNECTIONS);
      },
      ['--delay', '15'],
    );
  });

  it('leaves the schedule to the others: what is due happens once', async () => {
    await inAnInstallation(async ({ sql, sink, app }) => {
      const [first, second] = [await app({ ROLE: 'web' }), await app({ ROLE: 'worker' })];
      const third = await app({ ROLE: 'worker' });
      second.freeze();
      const place = await sendToEverybody({ app: first, token: TOKEN, sql, people: PEOPLE });
      await moreMails(sink, 50, PEOPLE);
      second.thaw();
      third.freeze();
      await untilDone({ app: first, token: TOKEN }, place);
      third.thaw();
      await pause(1000);
      await account(sql, sink, PEOPLE);
    });
  });
});

async function stateOf(sql: { query: (text: string) => Promise<{ rows: unknown[] }> }): Promise<unknown[]> {
  const { rows } = await sql.query('SELECT id, state, attempts, accepted_at, last_code FROM messages ORDER BY id');
  return rows;
}
