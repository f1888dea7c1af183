import { anonymous } from '../../src/links/entries/anonymous.entry.js';
import { readFileSync } from 'node:fs';
import { Tickets } from '../../src/responses/sessions/tickets.js';
import type { SurveyDefinition } from '../../src/engine/definition.js';
import type { PageView, WalkState } from '../../src/engine/page.js';
import { recordedAnswers } from '../../src/engine/recorded.js';
import { pageOf, startWalk, submitPage } from '../../src/engine/walk.js';
import { importQsf } from '../../src/qsf/import-qsf.js';
import { dice, fillPage } from '../surveys/answering.js';
import { aSurvey } from '../surveys/builders.js';
import { corpusFiles } from '../qsf/corpus_files.js';
import { type Person, startWorld, type World } from '../world.js';
import { Respondent } from './respondent.js';
import { responsesOf } from './rows.js';

const files = corpusFiles();
const WALKS = 3;

describe('surveys from files', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());

  it.each(files)('$name is answered in the browser from the first page to the end as the engine says', async (file) => {
    const imported = importQsf(readFileSync(file.path, 'utf8')).definition;
    // What is balanced over all respondents is counted where they answer; the engine alone only knows the seed.
    const definition = JSON.parse(
      JSON.stringify(imported).replaceAll('"even":true', '"even":false'),
    ) as SurveyDefinition;
    const survey = await aSurvey(world, ada, { definition });
    for (let seed = 1; seed <= WALKS; seed += 1) {
      await walkBoth(definition, `/a/${world.ids.show('SV', survey.id)}`, seed);
    }
    expect(await responsesOf(world, survey)).toHaveLength(WALKS);

    async function walkBoth(model: SurveyDefinition, path: string, seed: number): Promise<void> {
      const roll = dice(seed);
      const person = await Respondent.at(world, path);
      let state = startOf(world, person, path, model);
      let view = pageOf(model, state);
      for (let step = 0; view.kind === 'page' && step < 500; step += 1) {
        expectSamePage(person, view);
        const answers = fillPage(view, roll);
        person.page = await person
          .post(answers as never, 'next', { ...person.form, fields: hidden(person) })
          .redirects(3);
        const taken = submitPage(model, state, view.key, answers);
        expect([view.key, taken.kind]).toEqual([view.key, 'moved']);
        state = (taken as { state: WalkState }).state;
        view = pageOf(model, state);
      }
      expect([view.kind, person.hasForm, person.page.status]).toEqual(['end', false, 200]);
      const stored = (await responsesOf(world, survey)).at(-1);
      expect(stored?.answers).toEqual(recordedAnswers(model, state).answers);
      expect(stored?.finished).toBe(true);
    }
  });
});

/** The walk as the page began it: its seed and its time travel in the start ticket. */
function startOf(world: World, person: Respondent, path: string, definition: SurveyDefinition): WalkState {
  const way = { entry: anonymous, brandId: '', surveyId: '', path };
  const start = world.app.get(Tickets).readStart(way, person.form.fields['start'])!;
  return startWalk(definition, { seed: start.seed, now: start.at.getTime() });
}

/** Only what the page itself carries; the answers come from the engine. */
function hidden(person: Respondent): Record<string, string | string[]> {
  const { page, start, session, asked } = person.form.fields;
  const fields = { page, start, session, asked };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}

/** Every field that the engine reads is on the page, under its own name. */
function expectSamePage(person: Respondent, view: PageView): void {
  const html = person.page.text;
  const names = view.questions.flatMap((question) => [
    question.input?.name,
    ...question.choices.flatMap((choice) => [choice.input?.name ?? choice.name, choice.text?.name]),
    ...question.rows.flatMap((row) => [
      row.text?.name,
      ...row.cells.map(({ name }) => name),
      ...row.inputs.map(({ name }) => name),
    ]),
  ]);
  const missing = [...new Set(names)].filter((name) => name !== undefined && !html.includes(`name="${name}"`));
  expect(missing).toEqual([]);
  expect(person.form.fields['page']).toBe(view.key);
}
