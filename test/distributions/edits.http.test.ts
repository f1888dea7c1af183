import type { Response } from 'supertest';
import type { Distribution } from '../../src/ledger/distribution.entity.js';
import { FoundDistributions } from '../../src/ledger/found_distributions.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { anAudience, BODY, ledgerOf, statesOf, workOff } from './builders.js';

describe('editing a mail', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(() => begin());
  afterAll(() => world.close());

  /** Sessions end by the clock, so people sign in after it was set. */
  async function begin(at?: string): Promise<void> {
    world.clock.set(at === undefined ? undefined : new Date(at));
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    ({ listId } = await anAudience(world, ada, 3));
  }
  const list = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
  const form = (changes: Record<string, string> = {}): Record<string, string> => ({
    list: world.ids.show('CG', listId),
    fromName: 'Acme People',
    fromEmail: 'people@acme.example',
    replyTo: '',
    subject: 'How was it, ${m://FirstName}?',
    body: BODY,
    linkType: 'Individual',
    linkDays: '60',
    skipFinished: 'on',
    when: 'now',
    go: 'save',
    ...changes,
  });
  const post = (path: string, changes: Record<string, string> = {}): Promise<Response> =>
    ada.agent.post(path).type('form').send(form(changes));
  /** Saves a draft and returns its address. */
  const aDraft = async (changes: Record<string, string> = {}): Promise<string> => {
    const { headers, status } = await post(list(), changes);
    expect(status).toBe(303);
    return headers['location']!.replace(/\/(edit|review)$/, '');
  };
  const draftAt = async (path: string): Promise<Distribution> => {
    const id = world.ids.read('EMD', path.split('/').at(-1)!);
    return (await world.app.get(FoundDistributions).mustFind(ada.actor, id)).distribution;
  };
  /** Checks and presses the button that the check offers. */
  const send = async (path: string): Promise<Response> => {
    const { text } = await ada.agent.get(`${path}/review`).expect(200);
    const reviewed = /name="reviewed" value="(\d+)"/.exec(text)?.[1] ?? '';
    return ada.agent.post(`${path}/send`).type('form').send({ reviewed });
  };

  it('stays scheduled when it is edited or tried out, with its checks run again', async () => {
    await begin('2027-01-04T09:00:00Z');
    const path = await aDraft({ when: 'later', sendOn: '2027-01-05T09:00' });
    expect((await ada.agent.get(`${path}/review`)).text).toContain('Schedule for 5 Jan 2027, 09:00 UTC');
    await send(path);
    expect((await draftAt(path)).status).toBe('scheduled');
    expect((await ada.agent.get(`${path}/edit`)).text).toContain('checked again and goes at its time');
    const later = { when: 'later', sendOn: '2027-01-06T09:00' };
    await post(path, later);
    expect(await draftAt(path)).toMatchObject({ status: 'scheduled', sendAt: new Date('2027-01-06T09:00:00Z') });
    expect((await ada.agent.get(`${path}/edit`)).text).toContain('stays scheduled for 6 Jan 2027, 09:00 UTC');
    await post(path, { ...later, go: 'test', testTo: 'ada@acme.example' });
    expect((await draftAt(path)).status).toBe('scheduled');
    expect((await ada.agent.get(`${path}/review`)).text).toContain('There is nothing more to do.');
  });

  it('asks before it leaves its schedule: for other people, another time, or words that could not be sent', async () => {
    await begin('2027-01-04T09:00:00Z');
    const later = { when: 'later', sendOn: '2027-01-05T09:00' };
    const path = await aDraft(later);
    await send(path);
    await world.database.inBrand(ada.actor.brandId, (unit) => unit.run('UPDATE brands SET confirm_above = 3'));
    const { listId: others } = await anAudience(world, ada, 4);
    for (const [changes, why] of [
      [{ ...later, body: '<p>${l://SurveyLink}</p>' }, 'opt-out'],
      [{ when: 'now' }, 'choose a time that is still to come'],
      [{ ...later, list: world.ids.show('CG', others) }, 'has to be confirmed'],
    ] as const) {
      const { status, text } = await post(path, { ...changes, subject: 'Changed' });
      expect({ status, asks: text.includes('Take it off the schedule'), says: text.includes(why) }).toEqual({
        status: 422,
        asks: true,
        says: true,
      });
      expect(text).toContain('value="Changed"');
      expect(await draftAt(path)).toMatchObject({
        status: 'scheduled',
        heading: 'How was it, ${m://FirstName}?',
        audience: { listId },
      });
    }
    await post(path, { when: 'now', subject: 'Changed', go: 'unschedule' });
    expect(await draftAt(path)).toMatchObject({ status: 'draft', heading: 'Changed', sendAt: null });
  });

  it('leaves in an hour, or tomorrow at nine by recipients’ clocks, by one choice', async () => {
    await begin('2027-01-04T09:02:00Z');
    const soon = await draftAt(await aDraft({ when: 'hour' }));
    expect(soon).toMatchObject({ sendAt: new Date('2027-01-04T10:05:00Z'), plan: { sendZone: 'author' } });
    const tomorrow = await draftAt(await aDraft({ when: 'tomorrow' }));
    expect(tomorrow).toMatchObject({ sendAt: new Date('2027-01-05T09:00:00Z'), plan: { sendZone: 'recipient' } });
    expect((await ada.agent.get(`${list()}/new`)).text).toMatch(/name="when" value="now" checked/);
  });

  it('is for the one contact whose page it began on', async () => {
    const { contactIds } = await anAudience(world, ada, [{ firstName: 'Grace', email: 'grace@navy.example' }]);
    const shown = world.ids.show('CID', contactIds[0]!);
    expect((await ada.agent.get(`/contacts/${shown}`)).text).toContain(`href="/send?to&#x3D;${shown}"`);
    const { headers } = await ada.agent.get(`/send?to=${shown}`).expect(303);
    expect((await ada.agent.get(headers['location']!)).text).toMatch(new RegExp(`value="${shown}" selected`));
    const path = await aDraft({ list: shown });
    expect(await draftAt(path)).toMatchObject({
      audience: { contactId: contactIds[0], listId: null, listName: 'Grace Hopper' },
    });
    expect((await ada.agent.get(`${path}/review`)).text).toContain('1 person gets the mail');
    await send(path);
    await workOff(world);
    expect(statesOf(await ledgerOf(world, await draftAt(path)))).toEqual({ accepted: 1 });
    const stranger = await world.aPerson(await world.aBrand('Globex'));
    await stranger.agent.get(`/send?to=${shown}`).expect(404);
    expect((await post(list(), { list: 'CID_aaaaaaaaaaaaaaa' })).status).toBe(422);
  });
});
