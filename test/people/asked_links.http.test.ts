import { Sink } from '../mailer/sink.js';
import { until } from '../waiting.js';
import { csrfOf, type Person, startWorld, type World } from '../world.js';

describe('a link that one has mailed to oneself', () => {
  let world: World;
  let sink: Sink;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'surveys.acme.example', TRUST_PROXY: '1' });
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  async function ask(email: string, from = '192.0.2.1') {
    const agent = world.visitor();
    const token = csrfOf((await agent.get('/sign-in/mail')).text);
    return agent.post('/sign-in/mail').set('X-Forwarded-For', from).type('form').send({ _csrf: token, email });
  }

  const linksOf = ({ user }: Person) =>
    world.database.inBrand(user.brandId, (unit) =>
      unit.sql('SELECT 1 FROM sign_in_links WHERE user_id = $1', [user.id]),
    );
  const mailsTo = (address: string) => sink.lines.filter((line) => line.startsWith(`RCPT TO:<${address}>`)).length;

  it('is offered on the sign-in page and answers the same for people and for nobody', async () => {
    const ada = await world.aPerson(await world.aBrand());
    expect((await world.visitor().get('/sign-in')).text).toContain('href="/sign-in/mail"');
    const answers = [await ask(ada.user.email), await ask('nobody@acme.example'), await ask('no address')];
    const ends = answers.map(({ status, headers }) => `${status} ${headers['location']}`);
    expect(new Set(ends)).toEqual(new Set(['303 /sign-in/mail/sent']));
    expect((await world.visitor().get('/sign-in/mail/sent')).text).toContain('If somebody signs in with this address');
    await until(() => mailsTo(ada.user.email) === 1);
    expect(mailsTo('nobody@acme.example')).toBe(0);
  });

  it('is made three times an hour, however many ask at once and from wherever', async () => {
    const ada = await world.aPerson(await world.aBrand());
    await Promise.all(Array.from({ length: 20 }, (_, turn) => ask(ada.user.email, `198.51.${turn}.1`)));
    await until(() => mailsTo(ada.user.email) === 3);
    expect(await linksOf(ada)).toHaveLength(3);
  });

  it('is not made for who may not come in', async () => {
    const ada = await world.aPerson(await world.aBrand());
    await world.database.inBrand(ada.user.brandId, (unit) =>
      unit.run(`UPDATE users SET status = 'disabled' WHERE id = $1`, [ada.user.id]),
    );
    const grace = await world.aPerson(await world.aBrand(), { firstName: 'Grace' });
    await ask(ada.user.email, '203.0.113.1');
    await ask(grace.user.email, '203.0.113.1');
    await until(() => mailsTo(grace.user.email) === 1);
    expect(await linksOf(ada)).toEqual([]);
  });

  it('is asked for ten times by one network, then it waits', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      statuses.push((await ask(`nobody${turn}@acme.example`, '203.0.113.77')).status);
    }
    expect(statuses).toEqual([...Array<number>(10).fill(303), 429, 429]);
  });
});

it('says where no mail leaves that there is none to wait for', async () => {
  const world = await startWorld();
  expect((await world.visitor().get('/sign-in/mail')).text).toContain('This installation sends no mails.');
  await world.close();
});
