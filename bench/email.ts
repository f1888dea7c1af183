/**
 * Mails a second from this process into a sink in another one: our channel beside nodemailer's pool, which is the limit
 * that performance.md names. The same mail (4 kB HTML and text), 10 connections, no database (`distribution.ts` has one);
 * once without and once with DKIM by RSA-2048 on both sides. The two take turns so that a busy machine slows both.
 *
 * Arguments: the sizes to run, default 500 2000 8000.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signedMail } from '../src/mailer/mime/dkim.js';
import type { SigningKey } from '../src/mailer/domains/domain_keys.js';
import { EmailChannel } from '../src/mailer/email_channel.js';
import type { OutgoingMail } from '../src/mailer/outgoing_mail.js';
import { CompiledMail } from '../src/mailer/mime/mime.js';
import { relayFromUrl } from '../src/mailer/relay.js';
import { RelayWay } from '../src/mailer/relays/relay_way.js';
import { Throttle } from '../src/mailer/throttle/throttle.js';
import { SinkProcess } from '../test/mailer/witness.js';
import { CONNECTIONS, FROM, HTML, sendByNodemailer, SIGNING } from './support/mails.js';

const KEY: SigningKey = {
  domain: SIGNING.domain,
  selector: SIGNING.selector,
  algorithm: 'rsa-sha256',
  privateKey: SIGNING.key,
};
const DATE = new Date('2026-11-23T18:00:00Z');

interface Run {
  mails: number;
  perSecond: number;
  cpuMicroseconds: number;
  rssMegabytes: number;
}

interface Row {
  mails: number;
  canvass: Run;
  nodemailer: Run;
  ratio: number;
}

async function measured(mails: number, job: () => Promise<void>): Promise<Run> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await job();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    mails,
    perSecond: Math.round(mails / seconds),
    cpuMicroseconds: Math.round((user + system) / mails),
    rssMegabytes: Math.round(process.memoryUsage.rss() / 1_048_576),
  };
}

function ours(url: string, mails: number, keys: SigningKey[]): Promise<Run> {
  const relay = { ...relayFromUrl(url, CONNECTIONS), messagesPerConnection: 1_000_000 };
  const way = new RelayWay({ name: 'sink', key: 'sink', relay }, () => performance.now());
  const channel = new EmailChannel(() => [way], new Throttle(() => performance.now()), CONNECTIONS);
  const [dear, text, end] = HTML;
  const mail = new CompiledMail({
    from: FROM,
    subject: ['A question for ', { slot: 0 }],
    html: [dear, { slot: 0 }, text, { slot: 1 }, end],
  });
  const batch = Array.from({ length: mails }, (_, place) => outgoing(mail, String(place), keys));
  return measured(mails, async () => {
    let accepted = 0;
    for await (const outcome of channel.send(batch, () => Promise.resolve(true))) {
      if (outcome.status === 'accepted') accepted += 1;
    }
    way.close();
    if (accepted !== mails) throw new Error(`${mails - accepted} mails were not accepted`);
  });
}

function outgoing(mail: CompiledMail, id: string, keys: SigningKey[]): OutgoingMail {
  const to = { name: 'Ada Lovelace', address: `ada.${id}@example.com` };
  const recipient = {
    to,
    messageIdHeader: `<${id}@acme.test>`,
    date: DATE,
    values: ['Ada', `https://canvass.test/s/1${id}`],
    unsubscribe: { url: `https://canvass.test/u/1${id}`, mailto: `u-${id}@acme.test` },
  };
  return {
    messageId: id,
    brandId: '1',
    from: FROM.address,
    sender: `b-${id}@acme.test`,
    recipient: to.address,
    content: () => signedMail(mail.render(recipient), keys, DATE),
  };
}

async function row(url: string, mails: number, isSigned: boolean): Promise<Row> {
  const keys = isSigned ? [KEY] : [];
  const rounds: [Run, Run][] = [];
  for (let round = 0; round < 3; round += 1) {
    const own = await ours(url, mails, keys);
    rounds.push([own, await measured(mails, () => sendByNodemailer(url, mails, isSigned))]);
  }
  const best = (side: 0 | 1): Run =>
    rounds.map((round) => round[side]).toSorted((a, b) => b.perSecond - a.perSecond)[0]!;
  const [canvass, nodemailer] = [best(0), best(1)];
  return { mails, canvass, nodemailer, ratio: Math.round((canvass.perSecond / nodemailer.perSecond) * 100) / 100 };
}

function table(rows: Row[]): string {
  const head = '  mails   canvass/s   nodemailer/s   ratio   CPU µs/mail (ours, theirs)   RSS MB';
  const lines = rows.map(({ mails, canvass, nodemailer, ratio }) =>
    [
      String(mails).padStart(7),
      String(canvass.perSecond).padStart(11),
      String(nodemailer.perSecond).padStart(14),
      `${ratio.toFixed(2)} ×`.padStart(9),
      `${canvass.cpuMicroseconds}, ${nodemailer.cpuMicroseconds}`.padStart(28),
      String(canvass.rssMegabytes).padStart(8),
    ].join(' '),
  );
  return [head, ...lines].join('\n');
}

/** 1 = linear: twice the mails take twice the time. */
function exponent(rows: Row[]): number {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last || first === last) return 1;
  const seconds = ({ canvass }: Row): number => canvass.mails / canvass.perSecond;
  return Math.round((Math.log(seconds(last) / seconds(first)) / Math.log(last.mails / first.mails)) * 100) / 100;
}

const sizes = process.argv
  .slice(2)
  .map(Number)
  .filter((size) => size > 0);
const sink = await SinkProcess.start(['--quiet']);
try {
  const results: Record<string, object> = {};
  for (const isSigned of [false, true]) {
    await row(sink.url, 200, isSigned); // warms both up
    const rows: Row[] = [];
    for (const size of sizes.length > 0 ? sizes : [500, 2000, 8000]) rows.push(await row(sink.url, size, isSigned));
    const what = isSigned ? 'signed by DKIM (RSA-2048)' : 'not signed';
    console.log(
      `E-mail without database, ${what}, ${CONNECTIONS} connections, sink in another process\n${table(rows)}`,
    );
    console.log(`growth: n^${exponent(rows)}`);
    results[isSigned ? 'signed' : 'plain'] = { rows, exponent: exponent(rows) };
  }
  await mkdir('bench/results', { recursive: true });
  await writeFile(join('bench', 'results', 'email.json'), `${JSON.stringify({ job: 'email', ...results }, null, 2)}\n`);
} finally {
  await sink.stop();
}
