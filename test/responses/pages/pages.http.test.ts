import { SurveysService } from '../../../src/surveys/surveys.service.js';
import { exampleDefinition, type SurveyDefinition } from '../../../src/engine/definition.js';
import type { Question } from '../../../src/engine/questions/question.schema.js';
import { aLink } from '../../links/builders.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { ANSWERS, surveyOfEveryType } from '../every_type.js';
import { Respondent } from '../respondent.js';
import { countsOf, responsesOf, sessionsOf } from '../rows.js';

const translations = {
  de: { title: 'Einstieg', questions: { QID1: { text: 'Wie war die erste Woche?', choices: { '1': 'Gut' } } } },
  ar: { questions: { QID1: { text: 'كيف كان أسبوعك الأول؟' } } },
};

/** Some of its words are translated, and those that can't be are there too. */
function halfTranslated(language: string, other: string): SurveyDefinition {
  const asked = (id: string) => ({ id, exportTag: id, text: 'Code', required: 'none' as const });
  const choices = ['Soup', 'Salad'].map((text, index) => ({ id: `${index + 1}`, text, value: `${index + 1}` }));
  const scale = { min: 0, max: 9, decimals: 0, choices };
  const content = { kind: 'pattern' as const, pattern: '^\\d{2}$', patternMessage: 'Two digits' };
  const questions: Question[] = [
    { ...asked('QID1'), type: 'choice', subtype: 'dropdown', choices },
    { ...asked('QID2'), type: 'slider', ...scale, labels: ['cold', 'hot'] },
    { ...asked('QID3'), type: 'sum', ...scale, unit: 'kg' },
    { ...asked('QID4'), type: 'text', subtype: 'single', content },
  ];
  const words = { QID1: { choices: { '2': `Salad in ${other}` } } };
  const definition = exampleDefinition({
    title: 'Canteen',
    language,
    questions: Object.fromEntries(questions.map((question) => [question.id, question])),
    ending: { kind: 'message', message: 'Good bye' },
    options: { progressBar: true, backButton: true, nextLabel: 'Onwards' },
    translations: { [other]: { questions: words } },
  });
  definition.blocks['BL1']!.items = questions.map(({ id }) => ({ kind: 'question', question: id }));
  return definition;
}

describe('the pages', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());
  const openPath = (id: string) => `/a/${world.ids.show('SV', id)}`;

  it('speak the language of the address, the contact, the browser, and else of the survey', async () => {
    const survey = await aSurvey(world, ada, { definition: exampleDefinition({ translations }) });
    const ask = async (path: string, accept = '') =>
      (await world.visitor().get(path).set('Accept-Language', accept)).text;
    expect(await ask(`${openPath(survey.id)}?Q_Language=DE`, 'ar')).toMatch(
      /<html lang="de"[\s\S]*Wie war die erste Woche\?[\s\S]*Weiter</,
    );
    expect(await ask(openPath(survey.id), 'pt;q=0.9,ar-EG')).toMatch(/<html lang="ar" dir="rtl"[\s\S]*التالي/);
    const { path } = await aLink(world, survey, { contact: { language: 'de-CH' } });
    expect(await ask(path, 'en')).toContain('Wie war die erste Woche?');
    expect(await ask(openPath(survey.id), 'xx')).toMatch(/<html lang="en"[\s\S]*How was your first week\?/);
  });

  it('keep the chosen language on every page, also in the stored response', async () => {
    const survey = await aSurvey(world, ada, { definition: exampleDefinition({ translations }) });
    const grace = await Respondent.at(world, openPath(survey.id));
    expect(grace.page.text).toMatch(
      /<form class="lang" method="get"[\s\S]*<option value="de" lang="de">Deutsch<\/option>/,
    );
    await grace.send({ QID1: '1' });
    const [, walk] = /<form class="lang"[\s\S]*?name="Q_Walk" value="([^"]*)"/.exec(grace.page.text) ?? [];
    await grace.open(`${openPath(survey.id)}?Q_Walk=${walk}&Q_Language=de`);
    expect(grace.text).toContain('Zurück');
    await grace.send({});
    expect((await responsesOf(world, survey))[0]?.language).toBe('de');
  });

  it('give buttons in the reader’s language where the survey is there in one only, and mark them as such', async () => {
    const survey = await aSurvey(world, ada);
    const page = await world.visitor().get(`${openPath(survey.id)}?Q_Language=fr`);
    expect(page.text).toContain('<html lang="en"');
    expect(page.text).toMatch(/<div class="nav" lang="fr">\s*<button[^>]*>Suivant</);
  });

  it.each([
    ['en', 'ar', 'ltr'],
    ['ar', 'en', 'rtl'],
  ] as const)('mark texts that stand in %s alone on a page in %s', async (language, other, dir) => {
    const survey = await aSurvey(world, ada, { definition: halfTranslated(language, other) });
    const grace = await Respondent.at(world, `${openPath(survey.id)}?Q_Language=${other}`);
    const own = `lang="${language}" dir="${dir}"`;
    for (const marked of [
      `<title ${own}>Canteen</title>`,
      `<h1 class="sr" ${own}>Canteen</h1>`,
      `<option value="1" ${own}>Soup</option>`,
      `<option value="2">Salad in ${other}</option>`,
      `<span ${own}>cold</span><span ${own}>hot</span>`,
      `(<span ${own}>kg</span>)`,
      `value="next" ${own}>Onwards</button>`,
    ]) {
      expect(grace.page.text).toContain(marked);
    }
    await grace.send({ QID4: 'x' });
    expect(grace.page.text).toMatch(new RegExp(`id="e_QID4"><span ${own}>Two digits</span></p>`));
    expect(grace.page.text).toMatch(new RegExp(`<a href="#QID4"><span ${own}>Code: </span><span ${own}>Two digits</`));
    await grace.send({ QID4: '12' });
    expect(grace.page.text).toContain(`<div class="prose"><span ${own}>Good bye</span></div>`);
    const alan = await Respondent.at(world, `${openPath(survey.id)}?Q_Language=${language}`);
    expect(alan.page.text.replace(/<form class="lang"[\s\S]*?<\/form>/, '')).not.toMatch(/(?<!<html) lang=/);
  });

  it('mark the author’s words among buttons and errors of another language', async () => {
    const survey = await aSurvey(world, ada, { definition: { ...halfTranslated('en', 'ar'), translations: {} } });
    const grace = await Respondent.at(world, `${openPath(survey.id)}?Q_Language=ar`);
    expect(grace.page.text).toMatch(
      /<html lang="en">[\s\S]*<div class="nav" lang="ar">\s*<button[^>]* lang="en" dir="ltr">/,
    );
    expect(grace.page.text).toMatch(/<option value="" lang="ar" dir="rtl">/);
  });

  it('link the brand’s privacy notice and imprint, and ask nothing of third parties', async () => {
    const survey = await aSurvey(world, ada, { definition: surveyOfEveryType() });
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.sql(`UPDATE brands SET privacy_url = 'https://acme.example/privacy', imprint_url = 'javascript:alert(1)'`),
    );
    const { text } = await world.visitor().get(openPath(survey.id));
    expect(text).toContain('href="https://acme.example/privacy"');
    expect(text).not.toContain('javascript:');
    expect([...text.matchAll(/(?:src|href)="(https?:[^"]*)"/g)].map(([, url]) => url)).toEqual([
      'https://acme.example/privacy',
    ]);
  });

  it('draw every type of question and store what was given', async () => {
    const survey = await aSurvey(world, ada, { definition: surveyOfEveryType() });
    const grace = await Respondent.at(world, openPath(survey.id));
    for (const answers of ANSWERS) {
      await grace.send(answers);
    }
    expect(grace.text).toContain('Thank you');
    const [response] = await responsesOf(world, survey);
    expect(Object.keys(response?.answers ?? {})).toHaveLength(20);
    expect(response?.answers).toMatchObject({
      QID2: { choices: ['3'], texts: { '3': 'Fridays' } },
      QID3: { choices: ['1', '2'] },
      QID17: { cells: { '1': { '1': 'Soup', '2': 'Soup' } } },
      QID20: { numbers: { '1': 25, '2': 25, '3': 25, '4': 25 } },
    });
  });

  it('escape what people type and what contacts are called', async () => {
    const definition = exampleDefinition();
    definition.questions['QID2']!.text = 'Hello ${m://FirstName}, why ${q://QID1/ChoiceGroup/SelectedChoices}?';
    const survey = await aSurvey(world, ada, { definition });
    const { path } = await aLink(world, survey, {
      contact: { firstName: '<b>"Bobby"</b>\u202e', lastName: "O'<script>" },
    });
    const grace = await Respondent.at(world, path);
    await grace.send({ QID1: '1' });
    expect(grace.page.text).toContain('Hello &lt;b&gt;');
    expect(grace.page.text).not.toContain('<b>"Bobby"');
    await grace.send({ QID2: '</textarea><script>alert(1)</script>' }, 'back');
    await grace.send();
    expect(grace.page.text).not.toContain('<script>alert');
    expect(grace.form.fields['QID2']).toBe('</textarea><script>alert(1)</script>');
  });

  it('let an owner try the draft of a survey that is new, and record nothing', async () => {
    const survey = await aSurvey(world, ada, { stage: 'new' });
    const path = `/preview/${world.ids.token('preview', survey.id)}`;
    const owner = await Respondent.at(world, path);
    expect(owner.text).toContain('Preview: nothing is recorded or counted.');
    await owner.send({ QID1: '1' });
    expect(owner.text).toContain('What would have made it better?');
    await owner.open(`${path}?restart=1`);
    expect(owner.text).toContain('How was your first week?');
    await owner.send({ QID1: '2' });
    await owner.send({ QID2: 'x' });
    expect(owner.text).toMatch(/Preview.*Start again.*Thank you/);
    expect(await responsesOf(world, survey)).toEqual([]);
    expect(await countsOf(world, survey)).toEqual({ started: 0, finished: 0, partial: 0 });
    expect((await sessionsOf(world, survey)).every(({ status }) => status === 1)).toBe(true);
    world.clock.set(new Date(world.clock.now().getTime() + 2 * 86_400_000));
    await world.jobs.sweep();
    await world.jobs.settled();
    expect(await sessionsOf(world, survey)).toEqual([]);
    world.clock.set();
  });

  it('show a preview of a paused survey and its changed draft', async () => {
    const survey = await aSurvey(world, ada, { stage: 'paused' });
    const surveys = world.app.get(SurveysService);
    await surveys.rename(ada.actor, survey.id, 'Renamed');
    const owner = await Respondent.at(world, `/preview/${world.ids.token('preview', survey.id)}`);
    expect(owner.hasForm).toBe(true);
  });

  it('fill in links to themselves, and nothing where a link means nothing', async () => {
    const definition = exampleDefinition();
    definition.questions['QID1']!.text = 'See ${l://SurveyLink?d=this page} or ${l://OptOutLink?d=leave}.';
    const survey = await aSurvey(world, ada, { definition });
    const page = await world.visitor().get(openPath(survey.id));
    expect(page.text).toMatch(new RegExp(`See <a href="[^"]*${openPath(survey.id)}"[^>]*>this page</a> or .`));
  });
});
