import { type Person, startWorld, type World } from '../world.js';

describe('The pages of notices and of readiness', () => {
  let world: World;
  let boss: Person;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    const brand = await world.aBrand();
    boss = await world.aPerson(brand, { type: 'administrator', firstName: 'Grace' });
    ada = await world.aPerson(brand, { hearsByMail: true });
  });
  afterAll(() => world.close());

  /** As the sweep would tell somebody. */
  const tell = (person: Person, count: number) =>
    world.database.inBrand(person.user.brandId, async (unit) => {
      for (let place = 0; place < count; place += 1) {
        const told = new Date(world.clock.ms() - place * 60_000);
        const { id } = await unit.one<{ id: string }>(
          `INSERT INTO notice_events (brand_id, key, kind, stamp, told_at, facts)
           VALUES ($1, $2, 'limits', $3, $3, '{"words":"limit_near","used":80,"limit":100}') RETURNING id`,
          [person.user.brandId, `limit:${person.user.id}:${place}`, told],
        );
        await unit.run(
          `INSERT INTO notices (brand_id, event_id, user_id, told_at, in_bell, mail_error) VALUES ($1, $2, $3, $4, true, $5)`,
          [person.user.brandId, id, person.user.id, told, place === 0 ? '550 no such user' : ''],
        );
      }
    });

  it('are empty for whoever has heard of nothing, and show the bell on every page', async () => {
    const page = await ada.agent.get('/notices').expect(200);
    expect(page.text).toContain('Nothing to tell');
    expect(page.text).toContain('id="notices_bell"');
    const bell = await ada.agent.get('/notices/bell').set('HX-Request-Type', 'partial').expect(200);
    expect(bell.text).toContain('Notices, none unread');
    expect(bell.text).not.toContain('<html');
  });

  it('count, page, read one and read all; nobody reads what is not theirs', async () => {
    await tell(boss, 35);
    const bell = await boss.agent.get('/notices/bell');
    expect(bell.text).toContain('Notices, 35 unread');
    const first = await boss.agent.get('/notices');
    expect(first.text).toContain('80 of the 100 e-mails');
    expect(first.text).toContain('550 no such user');
    const more = /href="(\/notices\?after)(?:=|&#x3D;)(NT_[^"]+)"/.exec(first.text)!.slice(1).join('=');
    const second = await boss.agent.get(more);
    expect(second.text.match(/id="notice_NT_/g)).toHaveLength(5);
    const reading = /action="(\/notices\/NT_\w+\/reading)"/.exec(first.text)![1]!;
    await ada.agent.post(reading).expect(404);
    await boss.agent.post(reading).expect(303);
    expect((await boss.agent.get('/notices/bell')).text).toContain('34 unread');
    await boss.agent.post('/notices/readings').expect(303);
    expect((await boss.agent.get('/notices/bell')).text).toContain('none unread');
    await boss.agent.get('/notices?after=NT_forged').expect(404);
  });

  it('let each person choose by kind; kinds of administrators are offered to them alone', async () => {
    const page = await ada.agent.get('/account/notices').expect(200);
    expect(page.text).toContain('name="mail_done"');
    expect(page.text).not.toContain('name="mail_relays"');
    await ada.agent.post('/account/notices').type('form').send({ bell_done: 'on', mail_waits: 'on' }).expect(303);
    const chosen = (await ada.agent.get('/account/notices')).text;
    const ticked = [...chosen.matchAll(/name="(\w+)" value="on" checked/g)].map(([, name]) => name);
    expect(ticked).toEqual(['mail_waits', 'bell_done']);
    expect((await boss.agent.get('/account/notices')).text).toContain('name="mail_relays"');
  });

  it('say part by part whether the brand can send, each with its door, to administrators alone', async () => {
    await ada.agent.get('/brand/ready').expect(403);
    const { text } = await boss.agent.get('/brand/ready').expect(200);
    for (const door of [
      '/brand/email/relays',
      '/brand/email',
      '/brand#field_postalAddress',
      '/brand#field_weeklyEmailLimit',
    ]) {
      expect(text).toContain(`href="${door}"`);
    }
    expect(text).toContain('Mails stay in the development mailbox');
    expect(text).toContain('No postal address is printed under mails');
    expect(text).toContain('0 of 100,000 e-mails');
    expect((await boss.agent.get('/brand')).text).toContain('href="/brand/ready"');
  });
});
