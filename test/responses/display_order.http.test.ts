import { parse } from 'csv-parse/sync';
import { startExport } from '../../src/responses/exports/export_settings.js';
import { ExportsService } from '../../src/responses/exports/exports.service.js';
import { readFileSync } from 'node:fs';
import { exampleDefinition, type SurveyDefinition } from '../../src/engine/definition.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aRecipient } from './recipients.js';
import { Respondent } from './respondent.js';

const DRINKS = ['Tea', 'Milk', 'Water', 'Juice'].map((text, index) => ({
  id: `${index + 1}`,
  text,
  value: `${index + 10}`,
}));

/** A question whose choices chance arranges, and another one. */
function aShuffledSurvey(): SurveyDefinition {
  const definition = exampleDefinition();
  const { QID1, QID2 } = definition.questions;
  definition.questions = {
    QID1: { ...(QID1 as object), choices: DRINKS, shuffle: { mode: 'shuffle' } } as never,
    QID2: QID2!,
  };
  return definition;
}

describe('the order in which choices were shown', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());

  async function exported(surveyId: string, wish: object): Promise<string[][]> {
    const exports = world.app.get(ExportsService);
    const id = await exports.start(ada.actor, surveyId, startExport.parse({ compress: false, ...wish }));
    await world.jobs.settled();
    return parse(readFileSync((await exports.mustBeComplete(ada.actor, surveyId, id)).filePath));
  }

  it('is exported as it stood on the page, for a choice by itself and in one cell', async () => {
    const survey = await aSurvey(world, ada, { definition: aShuffledSurvey() });
    const person = await Respondent.at(world, `/a/${world.ids.show('SV', survey.id)}`);
    const seen = [...person.page.text.matchAll(/name="QID1"[^>]*value="(\d)"|value="(\d)"[^>]*name="QID1"/g)].map(
      ([, first, second]) => first ?? second,
    );
    expect(new Set(seen)).toEqual(new Set(['1', '2', '3', '4']));
    await person.send({ QID1: '2' });
    await person.send({ QID2: 'Thanks' });

    const split = await exported(survey.id, { includeDisplayOrder: true });
    expect(split.slice(0, 3).map((row) => row.slice(19))).toEqual([
      ['Q1_DO_1', 'Q1_DO_2', 'Q1_DO_3', 'Q1_DO_4'],
      DRINKS.map(({ text }) => `How was your first week? - Display Order - ${text}`),
      DRINKS.map(({ id }) => `{"ImportId":"QID1_DO","choiceId":"${id}"}`),
    ]);
    expect(split[3]?.slice(19)).toEqual(DRINKS.map(({ id }) => String(seen.indexOf(id) + 1)));
    const joined = await exported(survey.id, { includeDisplayOrder: true, breakoutSets: false });
    expect(joined.map((row) => row.slice(19))).toEqual([
      ['Q1_DO'],
      ['How was your first week? - Display Order'],
      ['{"ImportId":"QID1_DO"}'],
      [seen.join('|')],
    ]);
    expect((await exported(survey.id, {}))[0]).toHaveLength(19);
  });

  it('is told of the own links of people only to whoever may see who answered', async () => {
    const survey = await aSurvey(world, ada, { definition: aShuffledSurvey() });
    for (const path of [(await aRecipient(world, survey, ada)).path, `/a/${world.ids.show('SV', survey.id)}`]) {
      const person = await Respondent.at(world, path);
      await person.send({ QID1: '2' });
      await person.send({ QID2: 'Thanks' });
    }
    const told = async () =>
      (await exported(survey.id, { includeDisplayOrder: true })).slice(3).map((row) => row.slice(19).join('').length);
    expect(await told()).toEqual([4, 4]);
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.run(`UPDATE surveys SET options = options || '{"anonymize": true}' WHERE id = $1`, [survey.id]),
    );
    expect(await told()).toEqual([0, 4]);
  });
});
