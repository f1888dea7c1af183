import type { Survey } from '../../../src/surveys/survey.entity.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { anAudience, BODY } from '../../distributions/builders.js';

describe('the From address of a mail', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  beforeAll(async () => {
    world = await startWorld({ SMTP_URL: 'smtp://127.0.0.1:9', MAIL_DOMAIN: 'mail.acme.example' });
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    ({ listId } = await anAudience(world, ada, 1));
  });
  afterAll(() => world.close());

  const list = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
  const form = (changes: Record<string, string>): Record<string, string> => ({
    list: world.ids.show('CG', listId),
    subject: 'Hello',
    body: BODY,
    linkType: 'Individual',
    linkDays: '60',
    when: 'now',
    go: 'save',
    ...changes,
  });

  it('is a name before a menu of the domains that may be used', async () => {
    const { text } = await ada.agent.get(`${list()}/new`).expect(200);
    expect(text).toContain('name="fromLocal" value="surveys"');
    expect(text).toMatch(/<select[^>]*name="fromDomain"[^>]*><option value="mail\.acme\.example" selected>/);
    expect(text).not.toContain('name="fromEmail"');
  });

  it('is kept whole and shown in its parts again', async () => {
    const { headers } = await ada.agent
      .post(list())
      .type('form')
      .send(form({ fromLocal: 'people', fromDomain: 'mail.acme.example' }))
      .expect(303);
    const { text } = await ada.agent.get(headers['location']!).expect(200);
    expect(text).toContain('name="fromLocal" value="people"');
    expect(text).not.toContain('EQD17');
  });

  it('of a foreign domain is told and stays chosen, so that nothing changes unseen', async () => {
    const { headers } = await ada.agent
      .post(list())
      .type('form')
      .send(form({ fromEmail: 'ada@elsewhere.example' }))
      .expect(303);
    const { text } = await ada.agent.get(headers['location']!).expect(200);
    expect(text).toContain('EQD17');
    expect(text).toContain('<option value="elsewhere.example" selected>');
    const door = '<a href="/brand/email">Open the domains</a>';
    expect(text).not.toContain(door);
    const boss = await world.aPerson({ id: survey.brandId } as never, { type: 'administrator', firstName: 'Sue' });
    expect((await boss.agent.get(headers['location']!).expect(200)).text).toContain(door);
  });
});
