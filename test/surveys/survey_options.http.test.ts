import { phrasesIn, UI_LANGUAGES } from '../../src/platform/web/phrases.js';
import { loadWords } from '../../src/platform/web/words.js';
import { sourcesOf } from '../house/sources.js';
import { aLink } from '../links/builders.js';
import { plain } from '../people/builders.js';
import { Respondent } from '../responses/respondent.js';
import { type Person, startWorld, type World } from '../world.js';
import { aSurvey, shareWith } from './builders.js';

const MINUTE = 60_000;

describe('what a survey says of itself', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());
  const pathOf = (id: string, below = ''): string => `/surveys/${world.ids.show('SV', id)}${below}`;
  const read = async (id: string, below = ''): Promise<string> =>
    plain((await ada.agent.get(pathOf(id, below))).text).replaceAll(/<[^>]*>|\s+/g, ' ');

  it('lists every option that the product obeys, set or not, with what it means', async () => {
    const words = loadWords('views');
    const obeyed = sourcesOf('src', '.ts')
      .filter(({ path }) => !/\/qsf\/|^src\/command/.test(path))
      .flatMap(({ text }) => [...text.matchAll(/options\['(\w+)'\]/g)].map(([, name]) => name!));
    expect(new Set(obeyed).size).toBeGreaterThan(6);
    expect([...new Set(obeyed)].filter((name) => !words.exists(`surveys.options.${name}.name`))).toEqual([]);

    const options = { anonymize: true, invitationOnly: true, incompleteAfterHours: 48, finishLater: false };
    const survey = await aSurvey(world, ada, { options });
    const text = await read(survey.id, '/options');
    expect(text).toMatch(/Anonymized\s+On\s+Responses are kept without the person/);
    expect(text).toMatch(/By invitation only\s+On /);
    expect(text).toMatch(/Finish later\s+Off /);
    expect(text).toMatch(/Time to finish\s+2 days/);
    expect(text).toMatch(/One answer for each person\s+Off /);
    expect(await read(survey.id)).toMatch(/Options\s+What they mean\s+Anonymized\s+On/);
  });

  it('has its bot guard switched by whoever may edit it', async () => {
    const survey = await aSurvey(world, ada);
    const grace = await world.aPerson({ id: survey.brandId } as never, { firstName: 'Grace' });
    await shareWith(world, ada, survey.id, grace, 'canViewReports');
    const address = pathOf(survey.id, '/options/bot-guard');
    expect((await grace.agent.get(pathOf(survey.id, '/options'))).text).not.toContain('Switch the bot guard on');
    expect((await grace.agent.post(address).type('form').send({ guard: 'on' })).status).toBe(403);
    expect((await ada.agent.post(address).type('form').send({ guard: 'perhaps' })).status).toBe(422);
    expect((await ada.agent.post(address).type('form').send({ guard: 'on' })).status).toBe(303);
    expect(await read(survey.id, '/options')).toMatch(/Bot guard\s+On /);
    const visitor = await Respondent.at(world, `/a/${world.ids.show('SV', survey.id)}`);
    expect(visitor.page.text).toContain('name="website"');
  });

  it('tells who answers at the moment from who has started and left', async () => {
    const survey = await aSurvey(world, ada);
    const begin = async (): Promise<void> => {
      await (await Respondent.at(world, (await aLink(world, survey)).path)).send({ QID1: '1' });
    };
    const preview = await Respondent.at(world, `/preview/${world.ids.token('preview', survey.id)}`);
    await preview.send({ QID1: '1' });
    expect(await read(survey.id)).not.toMatch(/started and not finished|last 15 minutes/);
    await begin();
    await begin();
    world.clock.set(new Date(world.clock.ms() + 20 * MINUTE));
    await begin();
    for (const below of ['', '/options', '/responses', '/distributions']) {
      const text = await read(survey.id, below);
      expect(text).toContain('1 person answering (a page within the last 15 minutes)');
      expect(text).toContain('3 started and not finished');
    }
    const pause = await read(survey.id, '/pause');
    expect(pause).toContain(
      '3 people have started and not finished. 1 of them sent a page within the last 15 minutes.',
    );
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.run('UPDATE sessions SET expires_at = $2 WHERE survey_id = $1', [survey.id, world.clock.now()]),
    );
    expect(await read(survey.id, '/pause')).toContain('Nobody is in the middle of it.');
  });

  it('quotes on its pause page what latecomers read, in each language', async () => {
    const survey = await aSurvey(world, ada);
    const page = plain((await ada.agent.get(pathOf(survey.id, '/pause'))).text);
    await ada.agent
      .post(pathOf(survey.id, '/pause'))
      .type('form')
      .send({ people: 'finish', late: 'usual', message: '' });
    for (const language of UI_LANGUAGES) {
      const late = await Respondent.at(world, `/a/${world.ids.show('SV', survey.id)}?Q_Language=${language}`);
      const words = phrasesIn(language).say('refusals.paused.text');
      expect(late.text).toContain(words);
      expect(page).toContain(words);
    }
  });
});
