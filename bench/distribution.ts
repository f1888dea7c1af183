/**
 * Mails a second through the whole product: a distribution is made by its service, planned into the ledger, rendered,
 * sent over 10 connections to a sink in another process, and every try is committed to an embedded, durable PostgreSQL.
 * Beside it the limit: nodemailer's pool with the same mails into a sink of the same kind, without any database. Both
 * sign by DKIM with the same RSA-2048 key. The two take turns; the run in the middle counts. At the end ledger and sink
 * must tell the same.
 *
 * Arguments: the sizes to run, default 1000 10000 (100000 takes minutes); `plain` for no signatures on either side.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DistributionsService } from '../src/distributions/distributions.service.js';
import { Jobs } from '../src/platform/queue/jobs.js';
import { SinkProcess } from '../test/mailer/witness.js';
import { analysed, anAudience } from './support/audience.js';
import { theMail } from './support/distributions.js';
import { anInstallation, type Installation } from './support/installation.js';
import { CONNECTIONS, pemOf, sendByNodemailer, SIGNING } from './support/mails.js';
import { exponent, keep, measured, middle, rounded, sizesOr, type Taken } from './support/measure.js';
import { type Meter, processorOf } from './support/processor.js';
import { ledgerAgrees } from './support/two_sided.js';

interface Run extends Taken {
  planningSeconds: number;
  databaseSeconds: number;
}

interface Row {
  mails: number;
  perSecond: number;
  sendingPerSecond: number;
  limitPerSecond: number;
  ratio: number;
  planningSeconds: number;
  rssMegabytes: number;
  limitRssMegabytes: number;
  /** Processor time a mail in microseconds: this process, PostgreSQL, and nodemailer's. */
  ownMicroseconds: number;
  databaseMicroseconds: number;
  limitMicroseconds: number;
  seconds: number;
}

class Bench {
  private round = 0;

  constructor(
    private readonly installation: Installation,
    private readonly sink: SinkProcess,
    private readonly limitUrl: string,
    private readonly databaseProcessor: Meter,
  ) {}

  async row(mails: number): Promise<Row> {
    const listId = await anAudience(this.installation, mails);
    await analysed(this.installation);
    const runs: { ours: Run; limit: Taken }[] = [];
    for (let round = 0; round < roundsFor(mails); round += 1) {
      const ours = await this.ours(listId, mails);
      const limit = await measured(() => sendByNodemailer(this.limitUrl, mails, isSigned));
      runs.push({ ours, limit });
    }
    const ours = middle(runs.map((run) => run.ours));
    const limit = middle(runs.map((run) => run.limit));
    const microseconds = (seconds: number): number => Math.round((seconds / mails) * 1_000_000);
    return {
      mails,
      perSecond: Math.round(mails / ours.seconds),
      sendingPerSecond: Math.round(mails / (ours.seconds - ours.planningSeconds)),
      limitPerSecond: Math.round(mails / limit.seconds),
      ratio: rounded(limit.seconds / ours.seconds, 2),
      planningSeconds: rounded(ours.planningSeconds, 2),
      rssMegabytes: ours.rssMegabytes,
      limitRssMegabytes: limit.rssMegabytes,
      ownMicroseconds: microseconds(ours.processorSeconds),
      databaseMicroseconds: microseconds(ours.databaseSeconds),
      limitMicroseconds: microseconds(limit.processorSeconds),
      seconds: ours.seconds,
    };
  }

  /** From the author's click to the commit of the last result. */
  async ours(listId: string, mails: number): Promise<Run> {
    this.round += 1;
    let id = '';
    const before = this.databaseProcessor();
    const taken = await measured(async () => {
      id = await this.send(listId);
      await this.done(id);
    });
    const databaseSeconds = this.databaseProcessor() - before;
    await this.installation.app.get(Jobs).settled();
    await ledgerAgrees(this.installation, id, mails, this.sink);
    return { ...taken, databaseSeconds, planningSeconds: await this.planningSeconds(id) };
  }

  private async send(listId: string): Promise<string> {
    const { app, actor, surveyId } = this.installation;
    const mail = theMail(listId, `round ${this.round}`);
    const distribution = await app.get(DistributionsService).create(actor, surveyId, mail);
    return distribution.id;
  }

  private async done(id: string): Promise<void> {
    for (;;) {
      const { status } = await this.times(id);
      if (status === 'done') {
        return;
      }
      if (status !== 'planning' && status !== 'sending') {
        throw new Error(`The distribution is ${status}`);
      }
      await sleep(20);
    }
  }

  private async planningSeconds(id: string): Promise<number> {
    const { created, planned } = await this.times(id);
    return (planned.getTime() - created.getTime()) / 1000;
  }

  private times(id: string): Promise<{ status: string; created: Date; planned: Date }> {
    return this.installation.database.inBrand(this.installation.actor.brandId, (unit) =>
      unit.one('SELECT status, created_at AS created, planned_at AS planned FROM distributions WHERE id = $1', [id]),
    );
  }
}

function roundsFor(mails: number): number {
  return mails >= 50_000 ? 1 : 3;
}

function table(rows: Row[]): string {
  const head =
    '   mails   canvass/s   (sending only)   nodemailer/s    ratio   planning s   RSS MB (ours, theirs)   CPU µs/mail (ours + database, theirs)';
  const lines = rows.map((row) =>
    [
      String(row.mails).padStart(8),
      String(row.perSecond).padStart(11),
      String(row.sendingPerSecond).padStart(16),
      String(row.limitPerSecond).padStart(14),
      `${row.ratio.toFixed(2)} ×`.padStart(8),
      row.planningSeconds.toFixed(2).padStart(12),
      `${row.rssMegabytes}, ${row.limitRssMegabytes}`.padStart(23),
      `${row.ownMicroseconds} + ${row.databaseMicroseconds}, ${row.limitMicroseconds}`.padStart(39),
    ].join(' '),
  );
  return [head, ...lines].join('\n');
}

const isSigned = !process.argv.includes('plain');
const folder = await mkdtemp(join(tmpdir(), 'canvass-sinks-'));
const sink = await SinkProcess.start(['--log', join(folder, 'ours.log')]);
const other = await SinkProcess.start(['--log', join(folder, 'limit.log')]);
const keyFile = join(folder, 'dkim.pem');
await writeFile(keyFile, pemOf(SIGNING.key));
const signing = { MAIL_DOMAIN: SIGNING.domain, DKIM_SELECTOR: SIGNING.selector, DKIM_KEY_FILE: keyFile };
const installation = await anInstallation({
  SMTP_URL: sink.url,
  SMTP_CONNECTIONS: String(CONNECTIONS),
  ...(isSigned ? signing : {}),
});
try {
  const bench = new Bench(installation, sink, other.url, await processorOf(installation.superuserUrl));
  await bench.row(300); // warms both up
  const rows: Row[] = [];
  for (const size of sizesOr([1000, 10_000])) {
    rows.push(await bench.row(size));
  }
  const growth = exponent(rows.map(({ mails, seconds }) => ({ size: mails, seconds })));
  const what = isSigned ? 'signed by DKIM (RSA-2048) on both sides' : 'no DKIM';
  console.log(`E-mail with the ledger, ${what}, ${CONNECTIONS} connections, sinks and PostgreSQL in other processes`);
  console.log(`${table(rows)}\ngrowth: ${growth === undefined ? 'one size only' : `n^${growth}`}`);
  console.log('ledger, tallies, attempts and the sink agree on every mail');
  await keep(isSigned ? 'distribution' : 'distribution_plain', { rows, exponent: growth });
} finally {
  await installation.close();
  await sink.stop();
  await other.stop();
  await rm(folder, { recursive: true, force: true });
}
