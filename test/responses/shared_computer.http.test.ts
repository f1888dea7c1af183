import { phrasesIn, UI_LANGUAGES } from '../../src/platform/web/phrases.js';
import { exampleDefinition } from '../../src/engine/definition.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { SurveysService } from '../../src/surveys/surveys.service.js';
import { aLink } from '../links/builders.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { Respondent } from './respondent.js';
import { responsesOf, sessionsOf } from './rows.js';

const SECRET = 'My manager is a bully';

describe('a computer that several people use', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());

  /** Asks for a text, and quotes it on every later page; people may go back. */
  function aTellingSurvey(): Promise<Survey> {
    const definition = exampleDefinition();
    definition.questions['QID1']!.text = 'You wrote: ${q://QID2/ChoiceTextEntryValue}';
    definition.blocks['BL1']!.items = [
      { kind: 'question', question: 'QID2' },
      { kind: 'pageBreak' },
      { kind: 'question', question: 'QID1' },
    ];
    definition.options.backButton = true;
    return aSurvey(world, ada, { definition });
  }

  async function leftOpen(survey: Survey, path = `/a/${world.ids.show('SV', survey.id)}`): Promise<Respondent> {
    const first = await Respondent.at(world, `${path}?Q_CHL=qr`);
    await first.send({ QID2: SECRET });
    expect(first.text).toContain(SECRET);
    return first;
  }

  /** Presses Start anew on the page that stands there. */
  async function anew(person: Respondent): Promise<Respondent> {
    const [, action = '', session = ''] =
      /<form method="post" action="([^"]*)">\s*<input type="hidden" name="session" value="([^"]*)"><input type="hidden" name="anew"/.exec(
        person.page.text,
      ) ?? [];
    const address = action.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');
    const answer = await person.browser.post(address).type('form').send({ session, anew: '1' }).redirects(0);
    return person.open(String(answer.headers['location']));
  }

  it('shows the next person nothing of the last one, who may go on', async () => {
    const survey = await aTellingSurvey();
    const person = await leftOpen(survey);
    const inTheWalk = person.page.request.url.replace(/^.*?\/a\//, '/a/');
    await person.open();
    expect(person.page.status).toBe(200);
    expect(person.page.text).not.toContain(SECRET);
    expect(person.page.text).not.toContain('value="back"');
    expect(person.text).toContain('Start anew');
    await person.send();
    expect(person.text).toContain(SECRET);
    expect((await person.open(inTheWalk)).text).toContain(SECRET);
  });

  it('asks also whoever takes the address from those that the browser has kept', async () => {
    const survey = await aTellingSurvey();
    const person = await leftOpen(survey);
    const inTheWalk = person.page.request.url.replace(/^.*?\/a\//, '/a/');
    const from = (site: string) => person.browser.get(inTheWalk).set('Sec-Fetch-Site', site).expect(200);
    expect((await from('same-origin')).text).toContain(SECRET);
    for (const site of ['none', 'cross-site']) {
      const { text } = await from(site);
      expect([text.includes(SECRET), text.includes('name="anew"')]).toEqual([false, true]);
    }
  });

  it('lets somebody start anew, and Back does not lead to the last person', async () => {
    const survey = await aTellingSurvey();
    const person = await leftOpen(survey);
    const inTheWalk = person.page.request.url.replace(/^.*?\/a\//, '/a/');
    await person.open(person.path);
    await anew(person);
    expect(person.text).toContain('What would have made it better?');
    expect((await person.open(inTheWalk)).page.text).not.toContain(SECRET);
    await person.open();
    await person.send({ QID2: 'All is well' });
    expect((await person.open(inTheWalk)).page.text).not.toContain(SECRET);
    await person.open();
    await person.send();
    expect(person.text).toContain('You wrote: All is well');
    await person.send({ QID1: '1' });
    expect(await sessionsOf(world, survey)).toMatchObject([{ state: 'open' }, { state: 'finished' }]);
    const [response] = await responsesOf(world, survey);
    expect(response?.answers).toMatchObject({ QID2: { text: 'All is well' } });
  });

  it('keeps what the address said through the choice, and asks on a link for many answers too', async () => {
    const survey = await aTellingSurvey();
    const link = await aLink(world, survey, { kind: 'multiple' });
    const person = await leftOpen(survey, link.path);
    await person.open(link.path);
    expect(person.page.text).not.toContain(SECRET);
    await anew(person);
    expect(person.text).toContain('What would have made it better?');
    const open = await leftOpen(survey);
    await open.open(`${open.path.split('?')[0]}?Q_CHL=qr&Q_Language=en`);
    await anew(open);
    expect(open.form.action).toContain('Q_CHL=qr');
  });

  it('is asked in every language', async () => {
    const survey = await aTellingSurvey();
    const person = await leftOpen(survey);
    const [path] = person.path.split('?');
    for (const language of UI_LANGUAGES) {
      await person.open(`${path}?Q_Language=${language}`);
      expect(person.text).toContain(phrasesIn(language).say('begun.anew'));
      expect(person.page.text).toContain(`lang="${language}"`);
    }
  });

  it('forgets nothing where nobody may start, nor for another site', async () => {
    const survey = await aTellingSurvey();
    const person = await leftOpen(survey);
    const [path = ''] = person.path.split('?');
    await person.browser.post(path).type('form').send({ anew: '1' });
    expect((await person.open(path)).text).toContain('Start anew');
    await world.app.get(SurveysService).pause(ada.actor, survey.id, { people: 'finish', message: '' });
    await person.open(path);
    expect(person.text).not.toContain('Start anew');
    await person.send();
    expect(person.text).toContain(SECRET);
  });
});
