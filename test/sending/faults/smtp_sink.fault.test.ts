import { describeWithSmtpSink, SmtpSink } from '../../mailer/smtp_sink.js';
import { account } from '../../distributions/accounting.js';
import { moreMails, sendToEverybody, untilDone } from '../../distributions/whole_send.js';
import { inAnInstallation, TOKEN } from './installation.js';
import { until } from '../../waiting.js';

const PEOPLE = 300;

describeWithSmtpSink('what Postfix’s own test server took', () => {
  let sink: SmtpSink;
  beforeEach(async () => {
    sink = await SmtpSink.free();
  });
  afterEach(() => sink.end());

  it('is what the ledger says, after a crash in the middle', async () => {
    await sink.start();
    await inAnInstallation(async ({ sql, app }) => {
      const first = await app({ SMTP_URL: sink.url });
      const place = await sendToEverybody({ app: first, token: TOKEN, sql, people: PEOPLE });
      await moreMails(sink, 60, PEOPLE);
      await first.kill();
      await first.start();
      await untilDone({ app: first, token: TOKEN }, place);
      await account(sql, sink, PEOPLE);
    });
  });

  it('is what the ledger says, when it hung up after the last dot of every mail for a while', async () => {
    await sink.start(['-q', '.']);
    await inAnInstallation(async ({ sql, app }) => {
      const first = await app({ SMTP_URL: sink.url, RESEND_SECONDS: '4' });
      const place = await sendToEverybody({ app: first, token: TOKEN, sql, people: PEOPLE });
      await doubts(sql);
      await sink.stop();
      await sink.start();
      await untilDone({ app: first, token: TOKEN }, place, () => soon(sql));
      const { doubts: all } = await account(sql, sink, PEOPLE);
      expect(all).toBeGreaterThan(0);
    });
  });
});

type Sql = { query: (text: string) => Promise<{ rows: { n: number }[] }> };

/** Waits until some mails are in doubt. */
function doubts(sql: Sql): Promise<void> {
  return until(async () => {
    const { rows } = await sql.query(`SELECT count(*)::int AS n FROM messages WHERE state = 'uncertain'`);
    return rows[0]!.n > 20;
  });
}

/** Mails that met the server while it was restarted wait for five minutes; this test does not. */
async function soon(sql: Sql): Promise<void> {
  await sql.query(`UPDATE messages SET run_at = now() WHERE state = 'queued' AND run_at > now()`);
}
