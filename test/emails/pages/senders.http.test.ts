import type { Response } from 'supertest';
import { MailboxService } from '../../../src/mailer/mailbox/mailbox.service.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { anAudience, BODY, words, workOff } from '../../distributions/builders.js';
import { DistributionsService } from '../../../src/distributions/distributions.service.js';

describe('the sender of a mail', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    ({ listId } = await anAudience(world, ada, 3));
  });
  afterAll(() => world.close());

  const list = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails`;
  const post = (below: string, changes: Record<string, string> = {}): Promise<Response> =>
    ada.agent
      .post(`${list()}${below}`)
      .type('form')
      .send({
        list: world.ids.show('CG', listId),
        fromName: 'Acme People',
        fromEmail: 'people@acme.example',
        subject: 'How was it, ${m://FirstName}?',
        body: BODY,
        linkType: 'Individual',
        linkDays: '60',
        when: 'now',
        go: 'save',
        ...changes,
      });
  const mails = async (): Promise<string[]> =>
    (await world.app.get(MailboxService).list(ada.actor, 100)).map(({ recipient }) => recipient);

  it('sends 30 test mails an hour, and is told when there are more', async () => {
    const addresses = (place: number): string =>
      Array.from({ length: 5 }, (_, index) => `t${place}-${index}@acme.example`).join(' ');
    for (let place = 0; place < 6; place += 1) {
      expect((await post('', { go: 'test', testTo: addresses(place) })).status).toBe(303);
    }
    const refused = await post('', { go: 'test', testTo: 'one@acme.example', subject: 'Kept in the form' });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(60);
    expect(refused.text).toContain('You may send 30 test mails within an hour. Try again in 2 minutes');
    expect(refused.text).toContain('Kept in the form');
    expect(await mails()).toHaveLength(30);
    world.clock.forward(120_000);
    expect((await post('', { go: 'test', testTo: 'one@acme.example' })).status).toBe(303);
  });

  it('has a name that is filled for each reader, in previews and in mails', async () => {
    const fromName = '${m://FirstName}’s team';
    expect((await post('/checks', { fromName })).text).toContain('Person 1’s team');
    expect((await post('', { fromName })).status).toBe(303);
    await world.app.get(DistributionsService).create(ada.actor, survey.id, words({ listId, fromName }));
    await workOff(world);
    const [{ id } = { id: '0' }] = await world.app.get(MailboxService).list(ada.actor, 1);
    const { raw } = await world.app.get(MailboxService).open(ada.actor, id);
    const [, name = ''] = /^From: =\?UTF-8\?B\?(.*?)\?=/m.exec(raw.toString()) ?? [];
    expect(Buffer.from(name, 'base64').toString()).toMatch(/^Person \d’s team$/);
  });

  it.each([
    ['${l://SurveyURL}', 'not ${l://SurveyURL}.'],
    ['${x://y} of Acme', 'not ${x://y}.'],
    ['ceo@bank.example', 'reads like another address'],
  ])('is not called %s', async (fromName, refusal) => {
    const { status, text } = await post('', { fromName });
    expect([status, text.includes(refusal)]).toEqual([422, true]);
    const sent = world.app.get(DistributionsService).create(ada.actor, survey.id, words({ listId, fromName }));
    await expect(sent).rejects.toMatchObject({ code: fromName.includes('$') ? 'CVS07' : 'CVS25' });
  });
});
