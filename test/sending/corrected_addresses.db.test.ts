import { ContactsService } from '../../src/contacts/contacts.service.js';
import type { Distribution } from '../../src/ledger/distribution.entity.js';
import { SteeringService } from '../../src/distributions/steering.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { at as when, type Script, Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, ledgerOf, workOff } from '../distributions/builders.js';

const MINUTE = 60_000;

describe('a mail whose address is corrected on the way', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let steering: SteeringService;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url });
    steering = world.app.get(SteeringService);
  });
  beforeEach(async () => {
    await world.forget();
    sink.script = () => undefined;
    sink.caught.length = 0;
    world.clock.set();
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const sent = async (count: number, script: Script): Promise<Distribution> => {
    const { listId } = await anAudience(world, ada, count);
    sink.script = script;
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    return distribution;
  };
  const CORRECTED = { 'person.1': 'corrected@other.example', 'person.2': 'blocked@other.example', 'person.3': '' };
  const correct = async (changes: Record<string, string>): Promise<void> => {
    for (const [name, email] of Object.entries(changes)) {
      await world.database.inBrand(ada.actor.brandId, (unit) =>
        unit.run('UPDATE contacts SET email = $2 WHERE email = $1', [`${name}@example.com`, email]),
      );
    }
  };
  const block = (address: string): Promise<void> =>
    world.app.get(ContactsService).suppress(ada.actor.brandId, { address, reason: 'bounced', at: world.clock.now() });

  it('goes to the new one after a retry, with new tries, and skips one that must not be written to', async () => {
    const distribution = await sent(4, when('rcpt', { reply: '450 4.2.1 Not now' }));
    await correct(CORRECTED);
    await block('blocked@other.example');
    sink.script = () => undefined;
    world.clock.forward(10 * MINUTE);
    await workOff(world);
    await workOff(world);
    const rows = await ledgerOf(world, distribution);
    expect(rows.map(({ address, state, reason }) => [address, state, reason])).toEqual([
      ['corrected@other.example', 'accepted', null],
      ['blocked@other.example', 'skipped', 'suppressed'],
      ['person.3@example.com', 'skipped', 'no_address'],
      ['person.4@example.com', 'accepted', null],
    ]);
    expect(sink.caught).toHaveLength(2);
    const place = `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails/${world.ids.show('EMD', distribution.id)}`;
    const { text } = await ada.agent.get(`${place}/messages/${world.ids.show('MS', rows[0]!.id)}`).expect(200);
    expect(text).toContain('Address changed from person.1@example.com to corrected@other.example before sending');
  });

  it('goes to nobody twice when somebody is given the address of another who got it and is gone', async () => {
    const isLate: Script = ({ stage, line }) =>
      stage === 'rcpt' && !line.includes('person.2@') ? { reply: '450 4.2.1 Not now' } : undefined;
    const distribution = await sent(2, isLate);
    await world.database.inBrand(ada.actor.brandId, async (unit) => {
      await unit.run(
        `DELETE FROM contact_list_members USING contacts c WHERE c.id = contact_id AND email LIKE 'person.2@%'`,
      );
      await unit.run(`DELETE FROM contacts WHERE email LIKE 'person.2@%'`);
    });
    await correct({ 'person.1': 'Person.2@example.com' });
    sink.script = () => undefined;
    world.clock.forward(10 * MINUTE);
    await workOff(world);
    await workOff(world);
    expect((await ledgerOf(world, distribution)).map(({ state, reason }) => reason ?? state)).toEqual([
      'duplicate_address',
      'accepted',
    ]);
  });

  it('goes to the new one after it was paused, and not again to one that bounced for good', async () => {
    const { listId } = await anAudience(world, ada, 3);
    sink.script = ({ stage, line }) =>
      stage !== 'rcpt'
        ? undefined
        : line.includes('person.1@')
          ? { reply: '550 5.1.1 No such user' }
          : { reply: '450 4.2.1 Not now' };
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    await steering.pause(ada.actor, distribution.id);
    await correct({ 'person.1': 'right@other.example', 'person.2': 'new@other.example' });
    sink.script = () => undefined;
    world.clock.forward(10 * MINUTE);
    await steering.resume(ada.actor, distribution.id);
    await workOff(world);
    await workOff(world);
    expect((await ledgerOf(world, distribution)).map(({ address, state }) => [address, state])).toEqual([
      ['person.1@example.com', 'failed'],
      ['new@other.example', 'accepted'],
      ['person.3@example.com', 'accepted'],
    ]);
    await steering.retryFailed(ada.actor, distribution.id);
    await workOff(world);
    expect((await ledgerOf(world, distribution))[0]).toMatchObject({
      address: 'right@other.example',
      state: 'accepted',
    });
  });
});
