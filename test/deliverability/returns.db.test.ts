import { randomUUID } from 'node:crypto';
import { ContactsService } from '../../src/contacts/contacts.service.js';
import { WishesService } from '../../src/contacts/wishes.service.js';
import type { Distribution } from '../../src/ledger/distribution.entity.js';
import { readDeliveries } from '../../src/deliverability/deliverability.sql.js';
import { writeLedger } from '../../src/sending/wire.sql.js';
import { claim } from '../../src/ledger/ledger.sql.js';
import { SteeringService } from '../../src/distributions/steering.service.js';
import { NoticesService } from '../../src/notices/notices.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, ledgerOf, nowOf, workOff } from '../distributions/builders.js';
import { readReply } from '../../src/inbound/reading/reply_content.js';
import { carry } from '../../src/deliverability/reply_forwarding.sql.js';
import { comeBack, corpusMail, replyWithFiles } from './returning.js';

describe('what comes back', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let distribution: Distribution;
  let messageId: string;
  let contactId: string;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, BOUNCE_DOMAIN: 'bounce.acme.example', BOUNCE_PORT: '0' });
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set(new Date('2026-11-02T08:00:00Z'));
    sink.script = () => undefined;
    sink.caught.length = 0;
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    const audience = await anAudience(world, ada, [{ email: 'grace@navy.example' }]);
    contactId = audience.contactIds[0]!;
    distribution = await aDistribution(world, ada, survey, { listId: audience.listId, replyTo: 'ada@acme.example' });
    await workOff(world);
    messageId = (await ledgerOf(world, distribution))[0]!.id;
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  interface Standing {
    state: string;
    bounce: string | null;
    complained: boolean;
    events: string[];
  }
  const standing = (): Promise<Standing> =>
    world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.one<Standing>(
        `SELECT state, bounce_type AS bounce, complained_at IS NOT NULL AS complained,
           coalesce((SELECT array_agg(e.kind ORDER BY e.id) FROM message_events e WHERE e.message_id = m.id), '{}') AS events
         FROM messages m WHERE id = $1`,
        [messageId],
      ),
    );
  const suppression = (): Promise<string | undefined> =>
    world.app.get(ContactsService).suppressionOf(ada.actor.brandId, 'grace@navy.example', world.clock.now());
  const tallies = async (): Promise<Record<string, number>> => {
    const { text } = await ada.agent.get(
      `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails/${world.ids.show('EMD', distribution.id)}`,
    );
    expect(text).toContain('class="');
    const rows = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql<{ name: string; n: number }>(
        `SELECT name, sum(n)::int AS n FROM (SELECT name, n FROM distribution_tallies WHERE distribution_id = $1
           UNION ALL SELECT name, n FROM distribution_tally_deltas WHERE distribution_id = $1) t GROUP BY name`,
        [distribution.id],
      ),
    );
    return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
  };

  it('leaves with the addresses by which it may come back', () => {
    const [mail] = sink.caught;
    expect(mail!.sender).toMatch(/^b-[a-z2-7]{29}@bounce\.acme\.example$/);
    const head = mail!.raw.split('\r\n\r\n')[0]!.replaceAll(/\r\n\s+/g, ' ');
    expect(head).toMatch(
      /List-Unsubscribe: <https?:\S+>, <mailto:u-[a-z2-7]{29}@bounce\.acme\.example\?subject=unsubscribe>/,
    );
    expect(head).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  });

  it('keeps the wish of a person who was erased, as a hash', async () => {
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('UPDATE messages SET contact_id = NULL WHERE id = $1', [messageId]),
    );
    await world
      .visitor()
      .post(`/u/${world.ids.token('opt-out', messageId)}`)
      .type('form')
      .send({ 'List-Unsubscribe': 'One-Click' })
      .expect(200);
    const known = { contactId: null, address: 'grace@navy.example', hash: null };
    const status = await world.app.get(WishesService).statusOf(ada.actor.brandId, known, distribution.audience.listId);
    expect(status).toMatchObject({ listOptedOutBy: 'one-click', brandOptedOutBy: null });
  });

  it('takes the wish of people of a suspended brand', async () => {
    await world.database.inBrand(ada.actor.brandId, (unit) => unit.run(`UPDATE brands SET status = 'suspended'`));
    const path = `/u/${world.ids.token('opt-out', messageId)}`;
    await world.visitor().post(path).type('form').send({ 'List-Unsubscribe': 'One-Click' }).expect(200);
    const status = await world.app
      .get(ContactsService)
      .statusOf(ada.actor.brandId, contactId, distribution.audience.listId);
    expect(status).toMatchObject({ listOptedOutBy: 'one-click' });
  });

  it('marks a message as bounced hard and suppresses the address, once', async () => {
    for (let time = 0; time < 2; time += 1) {
      await comeBack(world, messageId, corpusMail('postfix-user-unknown'));
    }
    expect(await standing()).toEqual({ state: 'accepted', bounce: 'hard', complained: false, events: ['bounced'] });
    expect(await suppression()).toBe('bad_address');
    expect(await tallies()).toMatchObject({ accepted: 1, bounced: 1 });
    const [day] = await world.database.inBrand(ada.actor.brandId, (unit) =>
      readDeliveries(unit, 'to_domain', { since: '2026-11-01', fromDomain: undefined, most: 10 }),
    );
    expect(day).toEqual({
      label: 'navy.example',
      accepted: 1,
      deferred: 0,
      bouncedHard: 1,
      bouncedSoft: 0,
      complained: 0,
      opened: 0,
    });
  });

  it('keeps a hard bounce hard when another report comes, and counts it once', async () => {
    await comeBack(world, messageId, corpusMail('postfix-user-unknown'));
    await comeBack(world, messageId, corpusMail('postfix-mailbox-full'));
    expect(await standing()).toMatchObject({ bounce: 'hard', events: ['bounced', 'bounced'] });
    expect(await tallies()).toMatchObject({ bounced: 1 });
  });

  it.each([
    'postfix-blocklist',
    'm365-dmarc',
    'content-virus',
    'gmail-unsolicited',
    'postfix-sender-refused',
    'nothing-understood',
  ])('suppresses nobody for %s', async (name) => {
    await comeBack(world, messageId, corpusMail(name));
    expect(await suppression()).toBeUndefined();
  });

  it.each([
    'postfix-delayed',
    'postfix-delivered',
    'report-about-a-report',
    'auto-german',
    'arf-not-spam',
    'arf-auth-failure',
  ])('changes nothing for %s but its history', async (name) => {
    await comeBack(world, messageId, corpusMail(name));
    const { events, ...rest } = await standing();
    expect(rest).toEqual({ state: 'accepted', bounce: null, complained: false });
    expect(events).toHaveLength(1);
    expect(await suppression()).toBeUndefined();
  });

  it('suppresses for a domain that does not exist after two looks a day apart', async () => {
    await comeBack(world, messageId, corpusMail('postfix-host-not-found', 'one'));
    await comeBack(world, messageId, corpusMail('postfix-host-not-found', 'soon'));
    expect(await suppression()).toBeUndefined();
    world.clock.forward(25 * 3_600_000);
    await comeBack(world, messageId, corpusMail('postfix-host-not-found', 'later'));
    expect(await suppression()).toBe('bad_address');
  });

  it('opts whoever complains out of the brand at once, without a mail', async () => {
    sink.caught.length = 0;
    await comeBack(world, messageId, corpusMail('arf-redacted'));
    expect(await standing()).toMatchObject({ complained: true, events: ['complained'] });
    expect(await suppression()).toBe('complaint');
    const status = await world.app.get(ContactsService).statusOf(ada.actor.brandId, contactId, null);
    expect(status).toMatchObject({ brandOptedOutBy: 'complaint' });
    expect(await tallies()).toMatchObject({ complained: 1, opted_out: 1 });
    expect(sink.caught).toHaveLength(0);
  });

  it('takes whoever writes to the unsubscribe address off the list', async () => {
    await comeBack(world, messageId, 'From: grace@navy.example\nSubject: unsubscribe\n\n', {
      purpose: 'unsubscribe',
      sender: 'grace@navy.example',
    });
    const status = await world.app
      .get(ContactsService)
      .statusOf(ada.actor.brandId, contactId, distribution.audience.listId);
    expect(status).toMatchObject({ listOptedOutBy: 'mail', brandOptedOutAt: null });
    expect(await tallies()).toMatchObject({ opted_out: 1 });
  });

  it('opts nobody out for a report that reaches the unsubscribe address', async () => {
    await comeBack(world, messageId, corpusMail('postfix-user-unknown'), { purpose: 'unsubscribe' });
    expect(await standing()).toMatchObject({ bounce: null, events: ['notice'] });
    expect(await suppression()).toBeUndefined();
  });

  it('forwards a reply to the author’s address once, as a mail of a machine', async () => {
    sink.caught.length = 0;
    await comeBack(world, messageId, corpusMail('reply-html'), { sender: 'grace@navy.example' });
    await workOff(world);
    expect(sink.caught).toHaveLength(1);
    expect(sink.caught[0]).toMatchObject({ recipients: ['ada@acme.example'] });
    expect(sink.caught[0]!.raw).toContain('Auto-Submitted: auto-generated');
    expect(sink.caught[0]!.raw).not.toContain('<script>');
  });

  it('lets the author answer the person, with the design, and with files where the brand wants them', async () => {
    sink.caught.length = 0;
    await comeBack(world, messageId, replyWithFiles('1'), { sender: 'grace@navy.example' });
    await world.database.inBrand(ada.actor.brandId, (unit) => carry(unit, ada.actor.brandId, 'files'));
    await comeBack(world, messageId, replyWithFiles('2'), { sender: 'grace@navy.example' });
    await workOff(world);
    const [designed, filed] = sink.caught.map(({ raw }) => readReply(Buffer.from(raw), false));
    expect([designed!.answerTo, filed!.answerTo]).toEqual(['grace@home.example', 'grace@home.example']);
    expect(designed!.html).toContain('<b>Great</b>');
    expect(designed!.html).not.toMatch(/<script|onerror|evil\.example/);
    expect([designed!.attachments, filed!.attachments.map(({ name, type }) => [name, type])]).toEqual([
      [],
      [['Überblick.png', 'image/png']],
    ]);
    expect(filed!.attachments[0]!.content.toString()).toBe('picture');
    expect(filed!.text.replaceAll(/\s+/g, ' ')).toContain('invoice.exe (files of this kind are never passed on');
  });

  it.each(['auto-rfc3834', 'auto-ticket', 'postfix-user-unknown', 'arf-abuse'])(
    'answers and forwards nothing for %s',
    async (name) => {
      sink.caught.length = 0;
      await comeBack(world, messageId, corpusMail(name));
      expect(sink.caught).toHaveLength(0);
    },
  );

  it('resolves an uncertain message: what came back had left', async () => {
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(
        `UPDATE messages SET state = 'uncertain', reason = 'unconfirmed', resend_at = $2, accepted_at = NULL WHERE id = $1`,
        [messageId, new Date('2026-11-02T08:30:00Z')],
      ),
    );
    await comeBack(world, messageId, corpusMail('postfix-mailbox-full'));
    expect(await standing()).toMatchObject({ state: 'accepted', bounce: 'soft' });
    sink.caught.length = 0;
    world.clock.forward(3_600_000);
    await workOff(world);
    expect(sink.caught).toHaveLength(0);
  });

  it.each([
    ['arf-abuse', 'bounce', 'opted_out_brand'],
    ['reply-angry', 'unsubscribe', 'opted_out_list'],
  ] as const)('sends nothing to whoever says no while the mail is leased (%s)', async (name, purpose, reason) => {
    const now = world.clock.now();
    const wireUntil = new Date(now.getTime() + 60_000);
    const { brandId } = ada.actor;
    const leased = await world.database.inBrand(brandId, async (unit) => {
      await unit.run(`UPDATE messages SET state = 'queued', run_at = $2 WHERE id = $1`, [messageId, now]);
      await unit.run(`UPDATE distributions SET status = 'sending' WHERE id = $1`, [distribution.id]);
      const wish = { distributionId: distribution.id, token: randomUUID(), now, leaseUntil: wireUntil, size: 1 };
      return claim(unit, wish);
    });
    await comeBack(world, messageId, corpusMail(name), { purpose, sender: 'grace@navy.example' });
    const [verdict] = await world.database.inBrand(brandId, (unit) =>
      writeLedger(unit, { results: [], asks: leased.map(({ id, token }) => ({ id, token })), now, wireUntil }),
    );
    expect(verdict).toMatchObject({ id: messageId, reason });
    expect(await standing()).toMatchObject({ state: 'leased' });
  });

  describe('too often', () => {
    const many = async (count: number): Promise<string[]> => {
      const { listId } = await anAudience(world, ada, count);
      distribution = await aDistribution(world, ada, survey, { listId, subject: 'To many' });
      await workOff(world);
      return (await ledgerOf(world, distribution)).map(({ id }) => id);
    };
    const sending = (): Promise<number> =>
      world.database.inBrand(ada.actor.brandId, (unit) =>
        unit.run(`UPDATE distributions SET status = 'sending', finished_at = NULL WHERE id = $1`, [distribution.id]),
      );

    const heard = async (): Promise<string[]> =>
      (await world.app.get(NoticesService).list(ada.actor, { size: 50 })).map(({ facts }) => facts.words);

    it('pauses after more than 5 % of hard bounces, tells the owner, and goes on when told to', async () => {
      const ids = await many(120);
      await sending();
      await Promise.all(
        ids.slice(0, 9).map((id) => comeBack(world, id, corpusMail('gmail-no-such-account', id), { waits: false })),
      );
      await world.database.inBrand(ada.actor.brandId, (unit) =>
        unit.run(`UPDATE messages SET state = 'queued', run_at = $2 WHERE id = $1`, [
          ids.at(-1),
          new Date('2027-01-01'),
        ]),
      );
      await workOff(world);
      expect((await nowOf(world, ada, distribution)).status).toBe('sending');
      sink.caught.length = 0;
      await comeBack(world, ids[9]!, corpusMail('gmail-no-such-account', 'last'));
      expect(await nowOf(world, ada, distribution)).toMatchObject({
        status: 'paused',
        errorText: expect.stringContaining('10 of the first 119'),
      });
      expect(await heard()).toContain('paused_bounces');
      await world.app.get(SteeringService).resume(ada.actor, distribution.id);
      await comeBack(world, ids[10]!, corpusMail('gmail-no-such-account', 'more'));
      expect((await nowOf(world, ada, distribution)).status).toBe('sending');
    });

    it('pauses when reports of several refuse its sender, and not again when somebody resumed it', async () => {
      const ids = await many(5);
      await world.database.inBrand(ada.actor.brandId, (unit) =>
        unit.run(`UPDATE messages SET state = 'queued', run_at = $2 WHERE id = $1`, [ids[4], new Date('2027-01-01')]),
      );
      await sending();
      sink.caught.length = 0;
      for (const id of ids.slice(0, 2)) {
        await comeBack(world, id, corpusMail('postfix-sender-refused', id));
      }
      expect((await nowOf(world, ada, distribution)).status).toBe('sending');
      await comeBack(world, ids[2]!, corpusMail('postfix-sender-refused', 'third'));
      const paused = await nowOf(world, ada, distribution);
      expect(paused).toMatchObject({ status: 'paused', errorText: expect.stringContaining('3 recipients') });
      expect(paused.errorText).not.toContain('Domain not found');
      expect(await heard()).toContain('paused_sender');
      expect(await suppression()).toBeUndefined();
      await world.app.get(SteeringService).resume(ada.actor, distribution.id);
      await comeBack(world, ids[3]!, corpusMail('postfix-sender-refused', 'again'));
      expect((await nowOf(world, ada, distribution)).status).toBe('sending');
    });

    it('pauses by itself while servers refuse addresses at once', async () => {
      sink.script = ({ stage, line }) =>
        stage === 'rcpt' && /person\.(\d|1\d)@/.test(line) ? { reply: '550 5.1.1 No such user' } : undefined;
      await many(1000);
      expect(await nowOf(world, ada, distribution)).toMatchObject({ status: 'paused' });
      expect(sink.caught.length).toBeLessThan(900);
    });

    it('pauses after three complaints, not after two', async () => {
      const ids = await many(50);
      await sending();
      await world.database.inBrand(ada.actor.brandId, (unit) =>
        unit.run(`UPDATE messages SET state = 'queued', run_at = $2 WHERE id = $1`, [
          ids.at(-1),
          new Date('2027-01-01'),
        ]),
      );
      for (const id of ids.slice(0, 2)) {
        await comeBack(world, id, corpusMail('arf-abuse', id));
      }
      expect((await nowOf(world, ada, distribution)).status).toBe('sending');
      await comeBack(world, ids[2]!, corpusMail('arf-abuse', 'third'));
      expect((await nowOf(world, ada, distribution)).status).toBe('paused');
    });
  });
});
