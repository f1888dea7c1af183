import type { Distribution } from '../../src/ledger/distribution.entity.js';
import { alertsOf } from '../../src/ledger/alerts.js';
import { switchWarmUp } from '../../src/deliverability/evidence/warm_ups.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aDistribution, anAudience, ledgerOf, nowOf, statesOf, workOff } from '../distributions/builders.js';
import { comeBack } from '../deliverability/returning.js';
import { type Script, Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';

const WORDS = 'Your contract is cancelled, see http://evil.example';
const CODES = [
  '5.1.1',
  '5.1.2',
  '5.1.7',
  '5.1.8',
  '5.2.1',
  '5.2.2',
  '5.3.4',
  '5.4.4',
  '5.4.7',
  '5.6.0',
  '5.7.0',
  '5.7.1',
  '5.7.27',
  '5.7.515',
  '4.4.7',
  '4.7.0',
] as const;

/** A delivery report (RFC 3464) as an attacker writes it. */
function report(code: string, named: string, mark: string): string {
  return [
    'From: MAILER-DAEMON@mx.evil.example',
    'Subject: Undelivered Mail Returned to Sender',
    `Message-ID: <${mark}@evil.example>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    WORDS,
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.evil.example',
    '',
    `Final-Recipient: rfc822; ${named}`,
    'Action: failed',
    `Status: ${code}`,
    `Diagnostic-Code: smtp; 550 ${code} ${WORDS}`,
    '--b--',
    '',
  ].join('\r\n');
}

function worded(code: string, mark: string): string {
  return `From: MAILER-DAEMON@mx.evil.example\r\nSubject: Undeliverable mail\r\nMessage-ID: <${mark}@evil.example>\r\n\r\nThe remote server said: 550 ${code} ${WORDS}\r\n`;
}

function complaint(mark: string): string {
  return [
    'From: abuse@evil.example',
    `Message-ID: <${mark}@evil.example>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary=b',
    '',
    '--b',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    `User-Agent: ${WORDS}`,
    '--b--',
    '',
  ].join('\r\n');
}

const OWN = ['evil.example', 'a.evil.example', 'evil.org', 'evil.net', 'gmail.com', 'yahoo.com', 'gmx.de'];

describe('whoever gets a mail', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, BOUNCE_DOMAIN: 'bounce.acme.example', BOUNCE_PORT: '0' });
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set(new Date('2026-11-02T08:00:00Z'));
    sink.script = () => undefined;
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  /** 5,000 people, of whom 150 got their mail on the first day; every third of these may be an attacker's own. */
  const underWay = async (own: number): Promise<{ distribution: Distribution; ids: string[] }> => {
    const people = Array.from({ length: 5000 }, (_, place) => ({
      email:
        place % 3 === 0 && place / 3 < own
          ? `me.${place}@${OWN[(place / 3) % OWN.length]}`
          : `person.${place}@company${place % 40}.example`,
    }));
    const { brandId } = ada.actor;
    await world.database.inBrand(brandId, (unit) =>
      switchWarmUp(unit, brandId, 'acme.example', true, world.clock.now()),
    );
    const { listId } = await anAudience(world, ada, people);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    await workOff(world);
    const rows = await ledgerOf(world, distribution);
    expect(statesOf(rows)).toEqual({ accepted: 150, queued: 4850 });
    return { distribution, ids: rows.filter(({ address }) => address.startsWith('me.')).map(({ id }) => id) };
  };
  const others = (ids: string[]): Promise<object[]> =>
    world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql(
        `SELECT count(*)::int AS n, md5(string_agg(concat_ws(' ', m.id, state, attempts, bounced_at, complained_at, m.opted_out_at, c.opted_out_at, last_text), ',' ORDER BY m.id)) AS all
         FROM messages m JOIN contacts c ON c.brand_id = m.brand_id AND c.id = m.contact_id WHERE m.id <> ALL ($1)`,
        [ids],
      ),
    );
  const steered = async (): Promise<{ suppressed: number; pauses: number }> => {
    const { suppressed } = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.one<{ suppressed: number }>('SELECT count(*)::int AS suppressed FROM suppressions'),
    );
    const [pauses] = await world.database.outsideBrands((unit) =>
      unit.sql<{ n: number }>('SELECT count(*)::int AS n FROM provider_pauses'),
    );
    return { suppressed, pauses: pauses!.n };
  };

  it.each([1, 2, 10])('with %i own addresses among 5,000 stops nothing by any report', async (own) => {
    const { distribution, ids } = await underWay(own);
    expect(ids).toHaveLength(own);
    const before = await others(ids);
    const rows = await ledgerOf(world, distribution);
    const victim = rows.find(({ address }) => address.startsWith('person.'))!.address;
    for (const id of ids) {
      const address = rows.find((row) => row.id === id)!.address;
      // Each may be believed three times, so that all codes get their turn first at somebody's message.
      const turn = ids.indexOf(id) * 5;
      for (const code of [...CODES.slice(turn % CODES.length), ...CODES.slice(0, turn % CODES.length)]) {
        await comeBack(world, id, report(code, address, `${id}${code}`), { waits: false });
        await comeBack(world, id, report(code, victim, `${id}${code}other`), { waits: false });
        await comeBack(world, id, worded(code, `${id}${code}words`), { waits: false });
      }
      await comeBack(world, id, complaint(id), { waits: false });
    }
    await workOff(world);
    await workOff(world);
    expect(await nowOf(world, ada, distribution)).toMatchObject({ status: 'sending', errorText: null });
    expect(await others(ids)).toEqual(before);
    const { suppressed, pauses } = await steered();
    expect(suppressed).toBeLessThanOrEqual(own);
    expect(pauses).toBe(0);
    const alerts = await world.database.inBrand(ada.actor.brandId, (unit) => alertsOf(unit, distribution.id));
    expect(alerts.every(({ saidBy, n }) => OWN.includes(saidBy.slice(1)) && n <= own)).toBe(true);
  });

  it('marks nobody’s message by naming another one’s address, and the report says so', async () => {
    const { listId } = await anAudience(world, ada, [{ email: 'grace@navy.example' }, { email: 'mary@ibm.example' }]);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    const rows = await ledgerOf(world, distribution);
    const grace = rows.find(({ address }) => address === 'grace@navy.example')!;
    await comeBack(world, grace.id, report('5.1.1', 'mary@ibm.example', 'one'));
    const found = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql('SELECT address, bounce_type AS type FROM messages ORDER BY address'),
    );
    expect(found).toEqual([
      { address: 'grace@navy.example', type: 'soft' },
      { address: 'mary@ibm.example', type: null },
    ]);
    expect(await steered()).toEqual({ suppressed: 0, pauses: 0 });
    const show = world.ids;
    const url = `/surveys/${show.show('SV', survey.id)}/distributions/emails/${show.show('EMD', distribution.id)}/messages/${show.show('MS', grace.id)}`;
    expect((await ada.agent.get(url).expect(200)).text).toContain('For another address, mary@ibm.example');
    await comeBack(world, grace.id, report('5.1.1', 'GRACE+survey@Navy.example', 'two'));
    expect(await steered()).toEqual({ suppressed: 1, pauses: 0 });
  });

  it('is believed neither before a copy has left nor weeks later, and never more than three times', async () => {
    const { distribution } = await underWay(1);
    const rows = await ledgerOf(world, distribution);
    const [first, second] = rows;
    const waiting = rows.at(-1)!;
    await comeBack(world, waiting.id, report('5.1.1', waiting.address, 'early'));
    for (const mark of ['one', 'two', 'three'])
      await comeBack(world, second!.id, report('5.2.2', second!.address, mark));
    await comeBack(world, second!.id, report('5.1.1', second!.address, 'four'));
    world.clock.forward(15 * 86_400_000);
    await comeBack(world, first!.id, report('5.1.1', first!.address, 'late'));
    expect(await steered()).toEqual({ suppressed: 0, pauses: 0 });
    const found = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql<{ note: string | null }>(`SELECT content ->> 'note' AS note FROM message_events ORDER BY id`),
    );
    expect(found.map(({ note }) => note)).toEqual(['not_sent', null, null, null, 'told_before', 'too_late']);
  });

  it('stops it together with sixty others at five providers, in our words', async () => {
    const { distribution } = await underWay(0);
    const rows = (await ledgerOf(world, distribution)).filter(({ state }) => state === 'accepted');
    const five = rows.filter(({ address }) => /@company[0-4]\.example|@company1\d\.example/.test(address));
    expect(five.length).toBeGreaterThanOrEqual(50);
    for (const { id, address } of five) await comeBack(world, id, report('5.7.1', address, id), { waits: false });
    await workOff(world);
    await workOff(world);
    const paused = await nowOf(world, ada, distribution);
    expect(paused).toMatchObject({
      status: 'paused',
      errorText: expect.stringContaining('recipients at 15 providers'),
    });
    expect(paused.errorText).not.toContain('evil.example');
  });
});

describe('whoever owns a domain', () => {
  let world: World;
  let sink: Sink;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, SMTP_CONNECTIONS: '4' });
  });
  beforeEach(() => world.forget());
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const answering =
    (stage: 'rcpt' | 'dot', reply: string): Script =>
    () => {
      const to = new Map<number, string>();
      sink.script = (moment) => {
        if (moment.stage === 'rcpt') to.set(moment.connection, moment.line);
        return moment.stage === stage && to.get(moment.connection)?.includes('@evil.example') ? { reply } : undefined;
      };
      return undefined;
    };

  it.each([
    ['rcpt', '550 5.1.8 Sender address rejected: Domain not found'],
    ['rcpt', '550 5.7.1 Blocked using Spamhaus'],
    ['rcpt', '421 4.7.0 [TSS04] Messages temporarily deferred'],
    ['rcpt', '550 5.1.1 No such user'],
    ['dot', '550 5.7.27 Sender has no SPF'],
    ['dot', '451 4.7.1 Too many messages'],
    ['dot', '554 5.7.1 Message rejected due to spam content'],
  ] as const)('stops by its server’s answers (%s: %s) mails to that domain only', async (stage, reply) => {
    const ada = await world.aPerson(await world.aBrand());
    const grace = await world.aPerson(await world.aBrand('Navy'), { firstName: 'Grace' });
    answering(stage, reply)({ stage: 'greeting', connection: 0, nth: 1, line: '' });
    const people = Array.from({ length: 200 }, (_, place) => ({
      email: place % 10 === 0 ? `me.${place}@evil.example` : `person.${place}@company${place % 7}.example`,
    }));
    const { listId } = await anAudience(world, ada, people);
    const distribution = await aDistribution(world, ada, await aSurvey(world, ada), { listId });
    const theirs = await anAudience(world, grace, [{ email: 'x@company1.example' }, { email: 'x@evil.org' }]);
    const other = await aDistribution(world, grace, await aSurvey(world, grace), { listId: theirs.listId });
    await workOff(world);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, distribution)).accepted).toBe(180);
    expect((await nowOf(world, ada, distribution)).status).not.toBe('paused');
    expect(statesOf(await ledgerOf(world, other))).toEqual({ accepted: 2 });
  });
});
