import { NoticesService } from '../../src/notices/notices.service.js';
import { Noticing } from '../../src/notices/noticing.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aDistribution, anAudience, workOff } from '../distributions/builders.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { until } from '../waiting.js';
import { type Person, startWorld, type World } from '../world.js';

const MINUTE = 60_000;
const LIST = '/brand/email/relays';
const NAME = '<b>Post</b> & "Co"';

describe('A relay that does not answer while another takes over', () => {
  let world: World;
  let first: Sink;
  let second: Sink;
  /** Of the first relay, while nobody listens there. */
  let port = 0;
  let boss: Person;
  let ada: Person;
  let survey: Survey;
  beforeAll(async () => {
    world = await startWorld({ ALLOW_PRIVATE_HOSTS: '127.0.0.1' });
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set(new Date('2027-03-02T09:00:00Z'));
    [first, second] = [await new Sink().listen(), await new Sink().listen()];
    const brand = await world.aBrand();
    boss = await world.aPerson(brand, { type: 'administrator', firstName: 'Grace', hearsByMail: true });
    ada = await world.aPerson(brand);
    survey = await aSurvey(world, ada);
    await add(first, NAME);
    await add(second, 'Reserve');
  });
  afterEach(async () => {
    if (port !== 0) {
      await comesBack();
    }
    await first.close();
    await second.close();
  });
  afterAll(() => world.close());

  async function add(sink: Sink, name: string): Promise<void> {
    const server = { name, host: '127.0.0.1', port: String(sink.port), tls: 'off', auth: 'none', senderRule: 'verp' };
    const pace = { connections: '2', messagesPerConnection: '50', perMinute: '0' };
    const answer = await boss.agent
      .post(LIST)
      .type('form')
      .send({ ...server, ...pace });
    expect(answer.status).toBe(303);
  }

  const falls = async (): Promise<void> => {
    port = first.port;
    await first.close();
  };
  const comesBack = async (): Promise<void> => {
    await first.listen(port);
    port = 0;
  };

  const query = <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    world.database.inBrand(boss.actor.brandId, (unit) => unit.sql<Row>(sql, values));
  const isDown = async (name = NAME): Promise<boolean> =>
    (await query('SELECT FROM relays WHERE name = $1 AND down_since IS NOT NULL', [name])).length > 0;
  const inBell = async ({ actor }: Person = boss): Promise<string[]> =>
    (await world.app.get(NoticesService).list(actor, { size: 50 })).map(({ facts }) => facts.words);
  const mailsToBoss = (): string[] =>
    [...first.caught, ...second.caught]
      .filter(({ recipients }) => recipients.includes(boss.user.email))
      .map(({ raw }) => raw.replaceAll('=\r\n', ''));

  /** One more mail of the brand, by whichever relay takes it. */
  async function send(): Promise<void> {
    const { listId } = await anAudience(world, ada, 1);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    await until(
      async () =>
        (await query<{ status: string }>('SELECT status FROM distributions WHERE id = $1', [distribution.id]))[0]
          ?.status === 'done',
    );
  }

  async function pass(minutes: number): Promise<void> {
    world.clock.forward(minutes * MINUTE);
    await workOff(world);
    await workOff(world);
  }

  /** Tried every five minutes in vain. */
  async function silence(): Promise<void> {
    await falls();
    await send();
    await until(isDown);
    await pass(6);
    expect(await inBell()).not.toContain('relay_silent');
    await pass(6);
  }

  it('is told to administrators once, with since when and what takes over, and again when it answers', async () => {
    await silence();
    expect(await inBell()).toEqual(['relay_silent']);
    expect(await inBell(ada)).toEqual(['done']);
    await Promise.all([1, 2].map(() => world.app.get(Noticing).of(boss.actor.brandId)));
    await pass(120);
    const [mail, ...more] = mailsToBoss();
    expect(more).toEqual([]);
    expect(mail).toContain('Mails go by =E2=80=9CReserve=E2=80=9D meanwhile.');
    expect(mail).toContain('has not answered since 2 Mar 2027, 09:00 UTC.');
    expect(mail).toContain('The last try ended with: connect ECONNREFUSED');
    await comesBack();
    await pass(6);
    expect(await isDown()).toBe(false);
    expect(await inBell()).toEqual(['relay_answers']);
    expect(mailsToBoss()).toHaveLength(2);
    await pass(13 * 60); // the same words may go to the same people again
    await silence();
    expect(await inBell()).toEqual(['relay_silent']);
    expect(mailsToBoss()).toHaveLength(3);
  });

  it('stands in page and mail with its name as it was written, and no markup of it', async () => {
    await silence();
    const page = (await boss.agent.get('/notices')).text;
    expect(page).toContain('The relay “&lt;b&gt;Post&lt;/b&gt; &amp; &quot;Co&quot;” does not answer');
    expect(page).not.toContain('<b>Post');
    const [mail = ''] = mailsToBoss();
    expect(mail).toContain('&lt;b&gt;Post&lt;/b&gt; &amp; &quot;Co&quot;');
    expect(mail.split('text/html')[1]).not.toContain('<b>Post');
    expect((await boss.agent.get(LIST)).text).toContain('Not since 2 Mar 2027, 09:00 UTC');
  });

  it('is nobody’s business when it answers the next try, when it rests, and when none takes over', async () => {
    await falls();
    await send();
    await until(isDown);
    await comesBack();
    await pass(6);
    expect(await isDown()).toBe(false);
    await pass(20);
    expect(await inBell()).toEqual([]);
    await query('UPDATE relays SET from_domains = $1 WHERE name = $2', [['other.example'], 'Reserve']);
    await query(`UPDATE relays SET down_since = $1, down_at = $1::timestamptz + interval '1 hour' WHERE name = $2`, [
      world.clock.now(),
      NAME,
    ]);
    expect(await world.app.get(Noticing).waiting()).toEqual([]);
    await query(`UPDATE relays SET from_domains = '{}'`);
    expect(await world.app.get(Noticing).waiting()).toEqual([boss.actor.brandId]);
    const rest = /action="(\/brand\/email\/relays\/RL_\w+\/rest)"/.exec((await boss.agent.get(LIST)).text)![1]!;
    await boss.agent.post(rest).expect(303);
    expect(await world.app.get(Noticing).waiting()).toEqual([]);
  });

  it('that was told and then rests is not said to answer', async () => {
    await silence();
    const rest = /action="(\/brand\/email\/relays\/RL_\w+\/rest)"/.exec((await boss.agent.get(LIST)).text)![1]!;
    await boss.agent.post(rest).expect(303);
    await pass(6);
    expect(await inBell()).toEqual(['relay_silent']);
    await boss.agent.post(rest.replace('/rest', '/service')).expect(303);
    await pass(6);
    expect(await inBell()).toEqual(['relay_silent']);
    expect(await world.app.get(Noticing).waiting()).toEqual([]);
  });
});
