import { aLink } from '../links/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { exampleDefinition } from '../../src/engine/definition.js';
import { type Person, startWorld, type World } from '../world.js';
import { Respondent } from './respondent.js';
import { countsOf, outboxOf, responsesOf, sessionsOf } from './rows.js';

describe('answering a survey', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());
  const openPath = (id: string) => `/a/${world.ids.show('SV', id)}`;

  it('by the anonymous link, page by page to the end, without a script', async () => {
    const survey = await aSurvey(world, ada);
    const grace = await Respondent.at(world, openPath(survey.id));
    expect(grace.page.status).toBe(200);
    expect(grace.text).toContain('How was your first week?');
    await grace.send({ QID1: '2' });
    expect(grace.text).toContain('What would have made it better?');
    expect(grace.text).toMatch(/Your answers are kept on this device until/);
    await grace.send({ QID2: 'More coffee' });
    expect(grace.page.status).toBe(200);
    expect(grace.hasForm).toBe(false);
    expect(grace.text).toContain('Your answers were recorded.');
    const [response] = await responsesOf(world, survey);
    expect(response).toMatchObject({
      channel: 'anonymous',
      status: 0,
      finished: true,
      progress: 100,
      contact_id: null,
    });
    expect(response?.answers).toEqual({ QID1: { choices: ['2'] }, QID2: { text: 'More coffee' } });
    expect(await countsOf(world, survey)).toEqual({ started: 1, finished: 1, partial: 0 });
  });

  it('changes nothing when somebody only looks, as mail scanners do', async () => {
    const survey = await aSurvey(world, ada);
    const { path, id } = await aLink(world, survey, { ofDistributionBy: ada.actor.userId });
    await Respondent.at(world, path);
    await Respondent.at(world, openPath(survey.id));
    expect(await sessionsOf(world, survey)).toEqual([]);
    expect(await countsOf(world, survey)).toEqual({ started: 0, finished: 0, partial: 0 });
    expect(await outboxOf(world, survey.brandId, id)).toEqual([]);
  });

  it('keeps to the form contract', async () => {
    const survey = await aSurvey(world, ada);
    const grace = await Respondent.at(world, openPath(survey.id));
    const html = grace.page.text;
    expect(html.match(/<form\b/g)).toHaveLength(1);
    expect(html).toMatch(/<form class="survey" method="post"/);
    expect(html).toMatch(/<button class="btn btn--next" name="go" value="next">/);
    expect(html).not.toContain('value="back"');
    await grace.send({ QID1: '1' });
    expect(grace.page.text).toMatch(/<button class="btn" name="go" value="back"/);
    expect(grace.page.headers['cache-control']).toBe('no-store');
    expect(Buffer.byteLength(html)).toBeLessThan(60_000);
  });

  it('comes back with the error beside the question, a summary on top and what was typed', async () => {
    const definition = exampleDefinition();
    definition.blocks['BL1']!.items = [
      { kind: 'question', question: 'QID1' },
      { kind: 'question', question: 'QID2' },
    ];
    const survey = await aSurvey(world, ada, { definition });
    const grace = await Respondent.at(world, openPath(survey.id));
    await grace.send({ QID2: 'Lunch "together" <soon>' });
    expect(grace.page.status).toBe(422);
    expect(grace.page.text).toMatch(/<div class="errors" role="alert" tabindex="-1" data-focus>/);
    expect(grace.page.text).toContain('href="#QID1-1"');
    expect(grace.page.text).toMatch(/<p class="q__error" id="e_QID1">Please answer this question\./);
    expect(grace.form.fields['QID2']).toBe('Lunch "together" <soon>');
    expect(await sessionsOf(world, survey)).toEqual([]);
    await grace.send({ QID1: '1' });
    expect((await responsesOf(world, survey))[0]?.answers).toMatchObject({ QID2: { text: 'Lunch "together" <soon>' } });
  });

  it('goes back without losing answers, and forward again', async () => {
    const survey = await aSurvey(world, ada);
    const grace = await Respondent.at(world, openPath(survey.id));
    await grace.send({ QID1: '3' });
    await grace.send({ QID2: 'half a thought' }, 'back');
    expect(grace.form.fields['QID1']).toBe('3');
    await grace.send();
    expect(grace.form.fields['QID2']).toBe('half a thought');
    await grace.send();
    expect((await responsesOf(world, survey))[0]?.answers).toEqual({
      QID1: { choices: ['3'] },
      QID2: { text: 'half a thought' },
    });
  });

  it('goes on in the same browser after leaving, and starts anew in another one', async () => {
    const survey = await aSurvey(world, ada);
    const grace = await Respondent.at(world, openPath(survey.id));
    await grace.send({ QID1: '1' });
    await grace.open();
    expect(grace.text).toContain('This survey was begun in this browser');
    await grace.send();
    expect(grace.text).toContain('What would have made it better?');
    const cookie = String((await grace.post({ QID2: '' })).headers['set-cookie']);
    expect(cookie).toMatch(/^walk=;.*HttpOnly; SameSite=Lax/);
    const alan = await Respondent.at(world, openPath(survey.id));
    expect(alan.text).toContain('How was your first week?');
    await grace.open();
    expect(grace.text).toContain('How was your first week?');
  });

  it('by an individual link goes on with any device, and counts for the contact', async () => {
    const survey = await aSurvey(world, ada);
    const link = await aLink(world, survey, {
      ofDistributionBy: ada.actor.userId,
      contact: { email: 'g@navy.example' },
    });
    const phone = await Respondent.at(world, link.path);
    await phone.send({ QID1: '1' });
    const desk = await Respondent.at(world, link.path);
    expect(desk.text).toContain('What would have made it better?');
    expect(desk.text).toContain('You can go on with the same link until');
    await desk.send({ QID2: 'fine' });
    const [response] = await responsesOf(world, survey);
    expect(response).toMatchObject({ channel: 'email', contact_id: link.contactId, link_id: link.id, finished: true });
    expect(response?.person).toEqual({ firstName: 'Grace', lastName: 'Hopper', email: 'g@navy.example' });
    const outbox = await outboxOf(world, survey.brandId, link.id);
    expect(outbox).toEqual([
      { kind: 'started', response_id: null },
      { kind: 'finished', response_id: response?.id },
    ]);
    await desk.open();
    expect(desk.text).toContain('You have answered already');
    expect(desk.page.status).toBe(200);
  });

  it('by a multiple-completes link answers as often as one likes', async () => {
    const survey = await aSurvey(world, ada);
    const link = await aLink(world, survey, { kind: 'multiple' });
    for (const answer of ['1', '2']) {
      const grace = await Respondent.at(world, link.path);
      await grace.send({ QID1: answer });
      await grace.send({});
      expect(grace.text).toContain('Thank you');
    }
    expect((await responsesOf(world, survey)).map(({ contact_id }) => contact_id)).toEqual([
      link.contactId,
      link.contactId,
    ]);
  });

  it('shows the end again when the last page is posted again, and stores nothing twice', async () => {
    const survey = await aSurvey(world, ada);
    const grace = await Respondent.at(world, openPath(survey.id));
    const first = grace.form;
    await grace.send({ QID1: '1' });
    const last = grace.form;
    await grace.send({ QID2: 'a' });
    const end = grace.page.text;
    grace.page = await grace.post({ QID2: 'b' }, 'next', last).redirects(5);
    expect(grace.page.text.replaceAll(/nonce="[^"]*"/g, '')).toBe(end.replaceAll(/nonce="[^"]*"/g, ''));
    grace.page = await grace.post({ QID1: '3' }, 'next', first).redirects(5);
    expect(grace.text).toContain('Your answers were recorded.');
    const stored = await responsesOf(world, survey);
    expect(stored.map(({ answers }) => answers['QID2'])).toEqual([{ text: 'a' }]);
  });

  it.each(['anonymous', 'individual'])('makes one response of 50 parallel submits by the %s link', async (kind) => {
    const definition = exampleDefinition();
    definition.blocks['BL1']!.items = [{ kind: 'question', question: 'QID1' }];
    const survey = await aSurvey(world, ada, { definition });
    const link = await aLink(world, survey, { ofDistributionBy: ada.actor.userId });
    const grace = await Respondent.at(world, kind === 'individual' ? link.path : openPath(survey.id));
    const answers = await Promise.all(Array.from({ length: 50 }, () => grace.post({ QID1: '1' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    expect(new Set(answers.map(({ headers }) => String(headers['location']))).size).toBe(1);
    expect(await responsesOf(world, survey)).toHaveLength(1);
    expect(await sessionsOf(world, survey)).toHaveLength(1);
    expect(await countsOf(world, survey)).toEqual({ started: 1, finished: 1, partial: 0 });
  });

  it('tells the second of two tabs where the walk stands', async () => {
    const survey = await aSurvey(world, ada);
    const browser = world.visitor();
    const left = await new Respondent(browser, openPath(survey.id)).open();
    const right = await new Respondent(browser, openPath(survey.id)).open();
    await left.send({ QID1: '1' });
    await right.send({ QID1: '2' });
    expect(right.text).toContain('What would have made it better?');
    await left.send({ QID2: 'x' });
    expect((await responsesOf(world, survey)).map(({ answers }) => answers['QID1'])).toEqual([{ choices: ['1'] }]);
  });

  it('takes declared fields, channel and source from the address and ignores the rest', async () => {
    const definition = exampleDefinition();
    definition.flow = [
      { kind: 'embedded', fields: [{ name: 'Team' }, { name: 'Fixed', value: 'yes' }] },
      ...definition.flow,
    ];
    const survey = await aSurvey(world, ada, { definition });
    const packed = Buffer.from(JSON.stringify({ Team: 'South', Evil: 'x' })).toString('base64url');
    const grace = await Respondent.at(
      world,
      `${openPath(survey.id)}?Team=No%3Crth&Fixed=no&Evil=1&Q_SocialSource=mastodon`,
    );
    await grace.send({ QID1: '1' });
    await grace.send({});
    const alan = await Respondent.at(world, `${openPath(survey.id)}?Q_CHL=qr&Q_EED=${packed}`);
    await alan.send({ QID1: '1' });
    await alan.send({});
    const [first, second] = await responsesOf(world, survey);
    expect(first).toMatchObject({ channel: 'social', source: 'mastodon', embedded: { Team: 'No<rth', Fixed: 'yes' } });
    expect(second).toMatchObject({ channel: 'qr', embedded: { Team: 'South', Fixed: 'yes' } });
  });

  it('ends where the survey says: with its message, or on another site after our own page', async () => {
    const message = await aSurvey(world, ada, {
      definition: exampleDefinition({
        ending: { kind: 'message', message: '<b>Bye</b> ${q://QID1/ChoiceGroup/SelectedChoices}' },
      }),
    });
    const grace = await Respondent.at(world, openPath(message.id));
    await grace.send({ QID1: '1' });
    await grace.send({});
    expect(grace.page.text).toContain('<b>Bye</b> Good');
    const away = await aSurvey(world, ada, {
      definition: exampleDefinition({ ending: { kind: 'redirect', url: 'https://example.org/?a=1&b=2' } }),
    });
    const alan = await Respondent.at(world, openPath(away.id));
    await alan.send({ QID1: '1' });
    await alan.send({});
    expect(alan.page.status).toBe(200);
    expect(alan.page.headers['refresh']).toBe('0;url=https://example.org/?a=1&b=2');
    expect(alan.page.text).toContain('href="https://example.org/?a&#x3D;1&amp;b&#x3D;2"');
  });
});
