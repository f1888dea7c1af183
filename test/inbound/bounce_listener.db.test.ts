import { readFileSync } from 'node:fs';
import { BounceListener } from '../../src/inbound/bounce_listener.js';
import { verpLocalPart } from '../../src/mailer/verp.js';
import { Keys } from '../../src/platform/keys.js';
import type { Distribution } from '../../src/ledger/distribution.entity.js';
import { aDistribution, anAudience, ledgerOf, workOff } from '../distributions/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { until } from '../waiting.js';
import { type Person, startWorld, type World } from '../world.js';
import { Talk } from './talk.js';

const REPORT = readFileSync('test/mailer/corpus/postfix-user-unknown.eml', 'utf8');

describe('the door for mails that come back', () => {
  let world: World;
  let ada: Person;
  let distribution: Distribution;
  let messageId: string;
  let talk: Talk;
  beforeAll(async () => {
    world = await startWorld({ BOUNCE_PORT: '0', BOUNCE_DOMAIN: 'bounce.acme.example' });
    ada = await world.aPerson(await world.aBrand());
    const survey = await aSurvey(world, ada);
    const { listId } = await anAudience(world, ada, 1);
    distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    messageId = (await ledgerOf(world, distribution))[0]!.id;
  });
  beforeEach(async () => {
    talk = await Talk.to(world.app.get(BounceListener).port!);
  });
  afterEach(() => talk.end());
  afterAll(() => world.close());

  const addressOf = (id: string, purpose: 'bounce' | 'unsubscribe' = 'bounce'): string =>
    `${verpLocalPart(id, world.app.get(Keys).of('verp'), purpose)}@bounce.acme.example`;
  const kept = (): Promise<{ n: number; strays: number }> =>
    world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.one(
        'SELECT (SELECT count(*)::int FROM inbound_mails) AS n, (SELECT count(*)::int FROM stray_mails) AS strays',
      ),
    );

  it('takes nothing for addresses that we did not make', async () => {
    const right = addressOf(messageId);
    const forged = `${right.slice(0, 20)}${right[20] === 'a' ? 'b' : 'a'}${right.slice(21)}`;
    const bounceAsUnsubscribe = `u${right.slice(1)}`;
    for (const address of [forged, bounceAsUnsubscribe, 'postmaster@bounce.acme.example', 'b-@bounce.acme.example']) {
      expect(await talk.mail(address, REPORT)).toMatch(/^550 5\.1\.1/);
      await talk.say('RSET');
    }
    expect(await kept()).toEqual({ n: 0, strays: 0 });
  });

  it('keeps a mail before it says so, and once however often it comes', async () => {
    expect(await talk.mail(addressOf(messageId).toUpperCase(), REPORT)).toMatch(/^250 2\.0\.0 Kept/);
    expect(await kept()).toMatchObject({ n: 1 });
    expect(await talk.mail(addressOf(messageId), `Received: from elsewhere\n${REPORT}`)).toMatch(/^250/);
    expect(await kept()).toMatchObject({ n: 1 });
  });

  it('keeps apart what belongs to a message that is gone', async () => {
    expect(await talk.mail(addressOf('987654321'), REPORT)).toMatch(/^250/);
    expect(await kept()).toMatchObject({ strays: 1 });
  });

  it('asks for the mail again when the database takes nothing', async () => {
    const owner = world.database.orm.em.getConnection();
    await owner.execute('REVOKE INSERT ON inbound_mails FROM canvass_app');
    try {
      expect(await talk.mail(addressOf(messageId), `X-New: 1\n${REPORT}\nmore`)).toMatch(/^451 4\.3\.0/);
    } finally {
      await owner.execute('GRANT INSERT ON inbound_mails TO canvass_app');
    }
    expect(await talk.mail(addressOf(messageId), `X-New: 1\n${REPORT}\nmore`)).toMatch(/^250/);
  });

  it('refuses what is too big, announced or not', async () => {
    expect(await talk.say('MAIL FROM:<> SIZE=26214400')).toMatch(/^552/);
    expect(await talk.mail(addressOf(messageId), Buffer.alloc(11 * 1024 * 1024, 'x\n'))).toMatch(/^552 5\.3\.4/);
    expect(await talk.say('NOOP')).toMatch(/^250/);
  });

  it('holds no more of a mail than is kept', async () => {
    const before = (await kept()).n;
    const big = `Subject: big\n\n${'a line\n'.repeat(160_000)}`;
    expect(await talk.mail(addressOf(messageId), `${big}one end`)).toMatch(/^250/);
    expect(await talk.mail(addressOf(messageId), `${big}another end`)).toMatch(/^250/);
    expect((await kept()).n).toBe(before + 1);
  });

  it('leaves the port to the first worker of a machine', async () => {
    const second = await startWorld({ BOUNCE_PORT: String(world.app.get(BounceListener).port), LOG_LEVEL: 'fatal' });
    expect(second.app.get(BounceListener).port).toBeUndefined();
    await second.close();
    expect(await talk.say('NOOP')).toMatch(/^250/);
  });

  it('hands the port on to another worker when the first one ends', async () => {
    const first = await startWorld({ BOUNCE_PORT: '0', LOG_LEVEL: 'fatal' });
    const port = first.app.get(BounceListener).port!;
    const second = await startWorld({ BOUNCE_PORT: String(port), LOG_LEVEL: 'fatal' });
    const door = second.app.get(BounceListener);
    await first.close();
    await until(() => door.port !== undefined);
    expect(door.port).toBe(port);
    await second.close();
  });

  it('has no sign-in and tells nobody which addresses there are', async () => {
    expect(await talk.say('AUTH PLAIN AGEAYg==')).toMatch(/^50/);
    expect(await talk.say(`VRFY ${addressOf(messageId)}`)).toMatch(/^50/);
    expect(await talk.say('EXPN list')).toMatch(/^50/);
  });

  it('takes so many replies to one message and no more, and lets their authors know', async () => {
    const answers: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      answers.push(await talk.mail(addressOf(messageId), `Subject: ${n}\n\nReply ${n}\n`, 'grace@navy.example'));
    }
    expect(answers.at(-1)).toMatch(/^552 5\.2\.2/);
    expect((await kept()).n).toBe(10);
  });
});
