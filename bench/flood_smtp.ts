/**
 * The bounce port under attack, on loopback: 200 connections that say nothing, ten that say NOOP, ten that bring mails of
 * 25 MB to a known address, each kind from a network of its own and again as soon as it is ended. Beside it another address
 * brings a bounce a second and asks /healthz. Told: how long that took, what the attack left in the database, and memory.
 *
 * Argument: seconds to run (60).
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DistributionsService } from '../src/distributions/distributions.service.js';
import { PlanningService } from '../src/planning/planning.service.js';
import { BounceListener } from '../src/inbound/bounce_listener.js';
import { verpLocalPart } from '../src/mailer/verp.js';
import { Keys } from '../src/platform/keys.js';
import { anAudience } from './support/audience.js';
import { theMail } from './support/distributions.js';
import { anInstallation, type Installation } from './support/installation.js';
import { keep, measured, sizesOr } from './support/measure.js';

interface Order {
  role: 'attack' | 'bounces';
  smtpPort: number;
  webPort: number;
  address: string;
  seconds: number;
}

interface Told {
  count: number;
  taken: number;
  p50: number;
  p99: number;
  healthP99: number;
}

const IDLE = 200;
const NOOPS = 10;
const BIG = 10;
const CHUNK = Buffer.alloc(65_536, 'x'.repeat(76).concat('\r\n'));
const BIG_CHUNKS = (25 * 1024 * 1024) / CHUNK.length;
const REPORT = (n: number): string =>
  `From: mailer-daemon@mx.example\r\nMessage-ID: <${n}@mx.example>\r\nSubject: Undeliverable\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nNo such user.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\r\nFinal-Recipient: rfc822; x@mx.example\r\nAction: failed\r\nStatus: 4.2.2\r\nDiagnostic-Code: smtp; 452 4.2.2 full\r\n--b--\r\n.\r\n`;

async function open(port: number, from: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.on('error', () => undefined);
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  return socket;
}

/** Until it is over: an attack begins again wherever it was ended. */
async function again(seconds: number, act: () => Promise<void>): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    await act();
    await wait(50);
  }
}

async function attack({ smtpPort, address, seconds }: Order): Promise<void> {
  const idle = again.bind(null, seconds, async () => {
    const socket = await open(smtpPort, '127.0.1.1');
    socket.resume();
    if (!socket.destroyed) await Promise.race([once(socket, 'close'), wait(seconds * 1000)]);
    socket.destroy();
  });
  const noop = again.bind(null, seconds, async () => {
    const socket = await open(smtpPort, '127.0.2.1');
    socket.on('data', () => socket.write('NOOP\r\n'));
    if (!socket.destroyed) await once(socket, 'close');
  });
  const big = again.bind(null, seconds, async () => {
    const socket = await open(smtpPort, '127.0.3.1');
    socket.resume();
    await wait(150);
    socket.write('EHLO x\r\nMAIL FROM:<>\r\n');
    socket.write(`RCPT TO:<${address}>\r\nDATA\r\n`);
    await wait(50);
    for (let n = 0; n < BIG_CHUNKS && socket.writable; n += 1) {
      if (!socket.write(CHUNK)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
    }
    socket.end('\r\n.\r\nQUIT\r\n');
    if (!socket.destroyed) await Promise.race([once(socket, 'close'), wait(2000)]);
    socket.destroy();
  });
  const all = [
    ...Array<typeof idle>(IDLE).fill(idle),
    ...Array<typeof idle>(NOOPS).fill(noop),
    ...Array<typeof idle>(BIG).fill(big),
  ];
  await Promise.all(all.map((one) => one()));
}

/** One bounce in a connection of its own. @returns whether it was taken */
async function bounce(port: number, address: string, n: number): Promise<boolean> {
  const socket = await open(port, '127.0.0.2');
  const lines = [
    'EHLO mx.example\r\n',
    'MAIL FROM:<>\r\n',
    `RCPT TO:<${address}>\r\n`,
    'DATA\r\n',
    REPORT(n),
    'QUIT\r\n',
  ];
  let last = '';
  socket.on('data', (chunk: Buffer) => {
    const reply = chunk.toString().trimEnd().split('\r\n').at(-1)!;
    if (lines.length > 0) socket.write(lines.shift()!);
    last = lines.length === 0 && last === '' ? reply : last;
  });
  if (!socket.destroyed) await once(socket, 'close');
  return last.startsWith('250');
}

async function health(port: number): Promise<number> {
  const from = performance.now();
  await new Promise<void>((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: '/healthz' }, (response) => response.resume().once('end', resolve)).once(
      'error',
      reject,
    );
  });
  return performance.now() - from;
}

async function bounces({ smtpPort, webPort, address, seconds }: Order): Promise<Told> {
  const times: number[] = [];
  const healths: number[] = [];
  let taken = 0;
  for (let n = 0; n < seconds; n += 1) {
    const next = wait(1000);
    const from = performance.now();
    taken += (await bounce(smtpPort, address, n)) ? 1 : 0;
    times.push(performance.now() - from);
    for (let turn = 0; turn < 10; turn += 1) healths.push(await health(webPort));
    await next;
  }
  return { count: times.length, taken, p50: at(times, 0.5), p99: at(times, 0.99), healthP99: at(healths, 0.99) };
}

function at(times: number[], share: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!);
}

function sent(order: Order): Promise<Told | undefined> {
  const child = fork(fileURLToPath(import.meta.url), ['child']);
  child.send(order);
  return new Promise((resolve) => {
    let told: Told | undefined;
    child.once('message', (message) => (told = message as Told));
    child.once('exit', () => resolve(told));
  });
}

async function stored({
  database,
  actor,
}: Installation): Promise<{ rows: number; rawBytes: number; tableBytes: number }> {
  return database.inBrand(actor.brandId, (unit) =>
    unit.one(
      `SELECT count(*)::int AS rows, coalesce(sum(octet_length(raw)), 0)::int AS "rawBytes",
         pg_total_relation_size('inbound_mails')::int AS "tableBytes" FROM inbound_mails`,
    ),
  );
}

async function main(): Promise<void> {
  const [seconds = 60] = sizesOr([60]);
  const installation = await anInstallation({ BOUNCE_PORT: '0' });
  const { app, actor, surveyId } = installation;
  await app.listen(0, '127.0.0.1');
  const listId = await anAudience(installation, 2);
  const { id } = await app.get(DistributionsService).create(actor, surveyId, theMail(listId, 'flood'));
  await app.get(PlanningService).plan({ brandId: actor.brandId, distributionId: id });
  const messages = await installation.database.inBrand(actor.brandId, (unit) =>
    unit.sql<{ id: string }>('SELECT id FROM messages ORDER BY id LIMIT 2'),
  );
  const [known, honest] = messages.map((one) => `${verpLocalPart(one.id, app.get(Keys).of('verp'))}@bounce.example`);
  const ports = {
    smtpPort: app.get(BounceListener).port!,
    webPort: (app.getHttpServer().address() as AddressInfo).port,
    seconds,
  };
  const quiet = await sent({ ...ports, role: 'bounces', address: honest!, seconds: Math.min(5, seconds) });
  const before = await stored(installation);
  let told: Told | undefined;
  const taken = await measured(async () => {
    [told] = await Promise.all([
      sent({ ...ports, role: 'bounces', address: honest! }),
      sent({ ...ports, role: 'attack', address: known! }),
    ]);
  });
  await wait(1000);
  const after = await stored(installation);
  const figures = {
    seconds,
    quiet,
    attacked: told,
    before,
    after,
    rssMegabytes: taken.rssMegabytes,
    processorSeconds: taken.processorSeconds,
  };
  console.log(JSON.stringify(figures, null, 2));
  await keep('flood_smtp', figures);
  await installation.close();
  process.exitCode = told !== undefined && told.taken === told.count ? 0 : 1;
}

if (process.argv[2] === 'child') {
  process.once('message', (order: Order) => {
    const work = order.role === 'attack' ? attack(order) : bounces(order);
    void work.then((told) => {
      if (told !== undefined) process.send!(told);
      process.disconnect();
      process.exit(0);
    });
  });
} else {
  await main();
}
