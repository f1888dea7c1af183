import { exampleDefinition } from '../../src/engine/definition.js';
import { PermissionsService } from '../../src/brands/permissions.service.js';
import { LibraryService } from '../../src/library/library.service.js';
import type { Category } from '../../src/library/library_message.entity.js';
import { SurveysService } from '../../src/surveys/surveys.service.js';
import { Respondent } from '../responses/respondent.js';
import { aLink } from '../links/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aSurvey } from './builders.js';

describe('words of the library that respondents read', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand());
  });
  afterAll(() => world.close());

  const aMessage = async (
    category: Category,
    body: string,
    { actor } = ada,
    name = `Words ${category}`,
  ): Promise<string> => {
    const word = (text: string) => ({ subject: '', preheader: '', text: '', body: text });
    const words = { de: word('Vielen Dank'), en: word(body) };
    const draft = { category, name, isShared: false, language: 'de', words };
    return world.ids.show('MS', (await world.app.get(LibraryService).create(actor, draft)).id);
  };
  const pathOf = (id: string, below: string): string => `/surveys/${world.ids.show('SV', id)}${below}`;
  const post = (path: string, fields: object) => ada.agent.post(path).type('form').send(fields);
  const valueOf = (html: string, name: string): string =>
    new RegExp(`<textarea[^>]*name="${name}"[^>]*>\\n([^]*?)</textarea>`).exec(html)![1]!;

  it('are put into the message of a survey that is paused, in its language, and nothing is paused yet', async () => {
    const survey = await aSurvey(world, ada);
    const path = pathOf(survey.id, '/pause');
    expect((await ada.agent.get(path)).text).toContain('The library has no words for closed surveys yet.');
    const message = await aMessage('inactiveSurvey', 'We are back in May.\n\nAda & team');
    await aMessage('endOfSurvey', 'Not for this');
    const page = (await ada.agent.get(path).expect(200)).text;
    expect(page).toContain('Words inactiveSurvey');
    expect(page).not.toContain('Words endOfSurvey');
    const load = { people: 'record', late: 'usual', message: 'Old', go: 'load', libraryMessage: message };
    const { text } = await post(path, load).expect(200);
    expect(valueOf(text, 'message')).toBe('We are back in May.\n\nAda &amp; team');
    expect(text).toMatch(/value="own" checked/);
    expect(text).toMatch(/value="record" checked/);
    await post(path, { people: 'finish', late: 'own', message: 'We are back in May.' }).expect(303);
    const late = await aLink(world, survey);
    expect((await world.visitor().get(late.path)).text).toContain('We are back in May.');
  });

  it('are put at the end of a survey, shown from its next version on, and taken away again', async () => {
    const survey = await aSurvey(world, ada);
    const path = pathOf(survey.id, '/about');
    const message = await aMessage('endOfSurvey', '<p>Thank <b>you</b></p><script>alert(1)</script>');
    const about = { name: 'Lunch', title: 'Lunch', description: '', ending: '' };
    const { text } = await post(path, { ...about, go: 'load', libraryMessage: message }).expect(200);
    const ending = valueOf(text, 'ending').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
    expect(ending).toContain('<p>Thank <b>you</b></p>');
    await post(path, { ...about, ending }).expect(303);
    await post(pathOf(survey.id, '/publish'), {}).expect(303);
    const walk = await Respondent.at(world, (await aLink(world, survey)).path);
    await walk.send({ QID1: '2' });
    await walk.send({ QID2: 'Tea' });
    expect(walk.page.text).toContain('<p>Thank <b>you</b></p>');
    expect(walk.page.text).not.toContain('alert(1)');
    await post(path, about).expect(303);
    expect(valueOf((await ada.agent.get(path)).text, 'ending')).toBe('');
    expect((await post(path, { ...about, ending: 'x'.repeat(20_001) }).expect(422)).text).toContain(
      'The words at the end may have 20,000 characters.',
    );
  });

  it('leave an end alone that is longer than anybody may type, so that the rest can still be changed', async () => {
    const message = `<p>${'x'.repeat(20_000)}</p>`;
    const definition = { ...exampleDefinition(), ending: { kind: 'message' as const, message, flags: [] } };
    const survey = await aSurvey(world, ada, { definition });
    const path = pathOf(survey.id, '/about');
    expect((await ada.agent.get(path).expect(200)).text).not.toContain('name="ending"');
    await post(path, { name: 'Lunch', title: 'Lunch', description: '' }).expect(303);
    const { draft } = (await world.app.get(SurveysService).mustFindWithDraft(ada.actor, survey.id)).survey;
    expect(draft).toMatchObject({ title: 'Lunch', ending: { message } });
  });

  it('are found by name however old they are, and what was typed stays', async () => {
    const survey = await aSurvey(world, ada);
    const old = await aMessage('inactiveSurvey', 'Back in May', ada, 'Spring break');
    for (let count = 0; count < 30; count += 1) {
      await aMessage('inactiveSurvey', 'Closed', ada, `Closed ${count}`);
    }
    const path = pathOf(survey.id, '/pause');
    const fresh = (await ada.agent.get(path).expect(200)).text;
    expect(fresh).not.toContain('Spring break');
    expect(fresh).toContain('These are the newest 30. Search for the others by name.');
    const typed = { people: 'discard', late: 'own', message: 'Half a <sentence' };
    const { text } = await post(path, { ...typed, go: 'find', librarySearch: 'SPRING' }).expect(200);
    expect(text).toContain(`value="${old}" checked`);
    expect(text).not.toContain('Closed 29');
    expect(text).toContain('name="librarySearch" value="SPRING"');
    expect(valueOf(text, 'message')).toBe('Half a &lt;sentence');
    expect(text).toMatch(/value="discard" checked/);
    const none = (await post(path, { ...typed, go: 'find', librarySearch: '<b>' }).expect(200)).text;
    expect(none).toContain('No words in the library have such a name.');
    expect(none).toContain('name="librarySearch" value="&lt;b&gt;"');
  });

  it('are shown as respondents would read them before they are put in, and nothing typed is lost', async () => {
    const survey = await aSurvey(world, ada);
    const rich = await aMessage('endOfSurvey', '<p>Thank <b>you</b></p><script>alert(1)</script>', ada, 'Warm thanks');
    await aMessage('endOfSurvey', 'Bye', ada, 'Short');
    const about = { name: 'Dinner', title: '', description: 'Half', ending: 'My own end' };
    const path = pathOf(survey.id, '/about');
    const look = { ...about, go: 'preview', libraryMessage: rich, librarySearch: 'short' };
    const { text } = await post(path, look).expect(200);
    expect(text).toContain('Preview of “Warm thanks”');
    expect(text).toContain('<p>Thank <b>you</b></p>');
    expect(text).not.toContain('alert(1)');
    expect(text).toContain(`value="${rich}" checked`);
    expect(valueOf(text, 'ending')).toBe('My own end');
    expect(valueOf(text, 'description')).toBe('Half');
    expect(text).toMatch(/name="name"[^>]* value="Dinner"/);
    expect((await ada.agent.get(path)).text).not.toContain('Dinner');

    const plain = await aMessage('inactiveSurvey', 'Tea < coffee\n& more');
    const pause = { people: 'record', late: 'own', message: 'Mine', go: 'preview', libraryMessage: plain };
    const page = (await post(pathOf(survey.id, '/pause'), pause).expect(200)).text;
    expect(page).toContain('Tea &lt; coffee\n&amp; more');
    expect(valueOf(page, 'message')).toBe('Mine');
  });

  it('are looked for by Enter where a name to look for stands in the form, which is not saved then', async () => {
    const path = pathOf((await aSurvey(world, ada)).id, '/about');
    const about = { name: 'Dinner', title: 'Dinner', description: '', ending: '', go: 'enter' };
    await post(path, { ...about, librarySearch: 'thanks' }).expect(200);
    expect((await ada.agent.get(path)).text).not.toContain('Dinner');
    await post(path, { ...about, librarySearch: '' }).expect(303);
  });

  it('are asked for one at a time, and never from another brand', async () => {
    const survey = await aSurvey(world, ada);
    const eve = await world.aPerson(await world.aBrand('Evil'));
    const foreign = await aMessage('inactiveSurvey', 'Of Eve', eve);
    const load = { people: 'record', go: 'load' };
    await post(pathOf(survey.id, '/pause'), { ...load, libraryMessage: foreign }).expect(404);
    await post(pathOf(survey.id, '/about'), { ...load, libraryMessage: foreign }).expect(404);
    await post(pathOf(survey.id, '/pause'), { ...load, libraryMessage: [foreign, foreign] }).expect(422);
    const look = { people: 'record', go: 'preview', libraryMessage: foreign };
    await post(pathOf(survey.id, '/pause'), look).expect(404);
    await post(pathOf(survey.id, '/about'), look).expect(404);
    const { text } = await post(pathOf(survey.id, '/pause'), { go: 'find', librarySearch: 'Words' }).expect(200);
    expect(text).not.toContain(foreign);
  });

  it('are those of the right kind that one may see, and of whoever may use the library', async () => {
    const grace = await world.aPerson({ id: ada.actor.brandId } as never, { firstName: 'Grace' });
    const survey = await aSurvey(world, ada);
    const about = { name: 'Lunch', title: 'Lunch', description: '', ending: '', go: 'load' };
    const take = (libraryMessage: string) => post(pathOf(survey.id, '/about'), { ...about, libraryMessage });
    await take(await aMessage('endOfSurvey', 'Of Grace', grace)).expect(404);
    await take(await aMessage('inactiveSurvey', 'Of another kind')).expect(404);
    await take('').expect(404);
    const own = await aMessage('endOfSurvey', 'Thanks');
    const boss = await world.aPerson({ id: ada.actor.brandId } as never, { type: 'administrator', firstName: 'Sue' });
    await world.app.get(PermissionsService).set(boss.actor, ada.user.id, 'distributions:access', 'off');
    expect((await ada.agent.get(pathOf(survey.id, '/about')).expect(200)).text).not.toContain('from the library');
    await take(own).expect(403);
  });
});
