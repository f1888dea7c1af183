import fc from 'fast-check';
import {
  CONDITION_FIELDS,
  type ContactCondition,
  ContactConditions,
  OPERATORS,
} from '../../../src/contacts/segments/contact_conditions.js';
import { FrequencyRulesService } from '../../../src/audiences/frequency/frequency_rules.service.js';
import { Bindings } from '../../../src/platform/db/bindings.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { Sink } from '../../mailer/sink.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aDistribution, anAudience, ledgerOf, workOff } from '../../distributions/builders.js';
import { aFollowUp, followUpWords } from '../../distributions/follow_ups/builders.js';

const RULE = { name: 'Twice a month', most: '2', periodDays: '30', gapDays: '', invite: 'on', reminder: 'on' };
const DAY_MS = 86_400_000;

describe('frequency rules', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  let count = 0;
  let today = new Date('2027-01-04T08:00:00Z');
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
  });
  beforeEach(async () => {
    await world.forget();
    today = new Date(today.getTime() + 100 * DAY_MS);
    world.clock.set(today);
    ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    survey = await aSurvey(world, ada);
    ({ listId } = await anAudience(world, ada, [
      { email: 'a@example.com', embedded: { Team: 'Red' } },
      { email: 'b@example.com' },
    ]));
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const aRule = async (changes: Record<string, string | undefined> = {}): Promise<void> => {
    const wish = Object.fromEntries(Object.entries({ ...RULE, ...changes }).filter(([, value]) => value !== undefined));
    const answer = await ada.agent.post('/frequency-rules').type('form').send(wish);
    expect(answer.status).toBe(303);
  };
  const reasonsNow = async (changes: object = {}): Promise<(string | null)[]> => {
    count += 1;
    const one = await aDistribution(world, ada, survey, { listId, subject: `Mail ${count}`, ...changes });
    await workOff(world);
    return (await ledgerOf(world, one)).map(({ reason }) => reason?.replace(/^(frequency):\d+:/, '$1: ') ?? null);
  };
  const later = (days: number): void => world.clock.set(new Date(today.getTime() + days * DAY_MS));

  it('skips whoever got enough, names the rule, and lets them be written to when the days are over', async () => {
    await aRule();
    expect(await reasonsNow()).toEqual([null, null]);
    later(1);
    expect(await reasonsNow()).toEqual([null, null]);
    later(2);
    await expect(reasonsNow()).rejects.toMatchObject({ code: 'CVS04' });
    const { listId: bigger } = await anAudience(world, ada, [{ email: 'a@example.com' }, { email: 'new@example.com' }]);
    expect(await reasonsNow({ listId: bigger })).toEqual(['frequency: Twice a month', null]);
    later(31.5);
    expect(await reasonsNow()).toEqual([null, null]);
  });

  it('keeps a least distance, of whom its filter means only', async () => {
    const filter = { field: 'embedded', embeddedName: 'Team', operator: 'is', value: "red' OR true --" };
    await aRule({ most: '', periodDays: '', gapDays: '7', ...filter, value: 'red' });
    expect(await reasonsNow()).toEqual([null, null]);
    later(3);
    expect(await reasonsNow()).toEqual(['frequency: Twice a month', null]);
    later(7.5);
    expect(await reasonsNow()).toEqual([null, null]);
  });

  it('holds for reminders unless the brand says otherwise', async () => {
    await aRule({ most: '1' });
    const invitation = await aDistribution(world, ada, survey, { listId, subject: 'Invitation' });
    await workOff(world);
    later(3);
    await expect(aFollowUp(world, ada, invitation, followUpWords('Reminder'))).rejects.toMatchObject({ code: 'CVS04' });
    await world.app.get(FrequencyRulesService).decideForFollowUps(ada.actor, false);
    const reminder = await aFollowUp(world, ada, invitation, followUpWords('Reminder'));
    await workOff(world);
    expect((await ledgerOf(world, reminder)).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
  });

  it('says nothing about other lists and surveys, nor when it is off', async () => {
    await aRule({ most: '1', survey: world.ids.show('SV', survey.id) });
    expect(await reasonsNow()).toEqual([null, null]);
    const other = await aSurvey(world, ada);
    const elsewhere = await aDistribution(world, ada, other, { listId, subject: 'Elsewhere' });
    await workOff(world);
    expect((await ledgerOf(world, elsewhere)).map(({ reason }) => reason)).toEqual([null, null]);
    await expect(reasonsNow()).rejects.toMatchObject({ code: 'CVS04' });
    const page = await ada.agent.get('/frequency-rules');
    const [url] = /\/frequency-rules\/FR_\w+/.exec(page.text)!;
    await ada.agent.post(`${url}/off`);
    expect(await reasonsNow()).toEqual([null, null]);
  });

  it('shows the rule by its name to people and programs', async () => {
    await aRule({ most: '1' });
    expect(await reasonsNow()).toEqual([null, null]);
    const { listId: bigger } = await anAudience(world, ada, [{ email: 'a@example.com' }, { email: 'c@example.com' }]);
    const one = await aDistribution(world, ada, survey, { listId: bigger, subject: 'Second' });
    await workOff(world);
    const shown = world.ids.show('EMD', one.id);
    const [survid] = [world.ids.show('SV', survey.id)];
    const page = await ada.agent.get(`/surveys/${survid}/distributions/emails/${shown}?show=skipped`);
    expect(page.text).toContain('frequency rule “Twice a month”');
    const csv = await ada.agent.get(`/surveys/${survid}/distributions/emails/${shown}/history.csv`);
    expect(csv.text).toContain('the frequency rule “Twice a month”');
    const history = await world.visitor().get(`/API/v3/distributions/${shown}/history`).set('X-API-TOKEN', ada.token);
    expect(history.body.result.elements[0].contactFrequencyRuleId).toMatch(/^FR_/);
  });

  it('keeps a value that is cut in the middle of a letter', async () => {
    const wish = { ...RULE, field: 'language', operator: 'is', value: `${'x'.repeat(199)}\u{1F600}` };
    expect((await ada.agent.post('/frequency-rules').type('form').send(wish)).status).toBe(303);
  });

  it('edits and deletes rules, and asks again for what is none', async () => {
    await aRule();
    const [url] = /\/frequency-rules\/FR_\w+/.exec((await ada.agent.get('/frequency-rules')).text)!;
    expect((await ada.agent.get(url)).text).toContain('Twice a month');
    await ada.agent
      .post(url)
      .type('form')
      .send({ ...RULE, name: 'Once a quarter', most: '1', periodDays: '90' });
    expect((await ada.agent.get('/frequency-rules')).text).toContain('1 mail in 90 days');
    const wrong = await ada.agent.post(url).type('form').send({ name: '', most: 'x', periodDays: '' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('Choose what counts');
    await ada.agent.post(`${url}/removal`);
    expect((await ada.agent.get('/frequency-rules')).text).toContain('No rules yet');
  });

  it('takes no comparison that does not fit its field', async () => {
    const send = (words: object) =>
      ada.agent
        .post('/frequency-rules')
        .type('form')
        .send({ ...RULE, ...words });
    const ofName = await send({ field: 'lastName', operator: 'greater', value: '3' });
    expect(ofName.status).toBe(422);
    expect(ofName.text).toContain('This does not go with “last name”. Choose “is”, “is not”, “contains”');
    const ofDate = await send({ field: 'embedded', embeddedName: 'Since', operator: 'after', value: 'May' });
    expect(ofDate.text).toContain('Write a day as 2027-05-31.');
    expect(ofDate.text).toContain('value="May"');
    await aRule({ field: 'embedded', embeddedName: 'Since', operator: 'after', value: '2027-05-01' });
  });

  it('is closed to other brands and to people who may not edit the directory', async () => {
    await aRule();
    const [url] = /\/frequency-rules\/FR_\w+/.exec((await ada.agent.get('/frequency-rules')).text)!;
    const stranger = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator' });
    for (const below of ['', '/off', '/removal']) {
      expect((await stranger.agent.post(`${url}${below}`).type('form').send(RULE)).status).toBe(404);
    }
    expect((await stranger.agent.get('/frequency-rules')).text).not.toContain('Twice a month');
  });

  it('takes nothing that people wrote into a statement', () => {
    const condition = fc.record<ContactCondition>({
      field: fc.constantFrom(...CONDITION_FIELDS),
      name: fc.string(),
      operator: fc.constantFrom(...OPERATORS),
      value: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 5 }), (conditions) => {
        const marked = conditions.map((one) => ({ ...one, name: `§${one.name}`, value: `§${one.value}` }));
        expect(new ContactConditions().sqlOf(marked, new Bindings())).not.toContain('§');
      }),
    );
  });
});
