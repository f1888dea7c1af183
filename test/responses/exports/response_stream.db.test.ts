import { copyOfResponses, rowsIn, whole } from '../../../src/responses/exports/response_stream.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { Respondent } from '../respondent.js';

const ALL = { recordedFrom: null, recordedUntil: null, limit: null, withWalks: false };

describe('the stream of responses', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());

  it('gives every row as it was answered, and leaves its connection free when the work fails half way', async () => {
    const survey = await aSurvey(world, ada);
    const typed = ['\\back "quoted" \u{1F600}', 'two\nlines\tand a tab', '\u0001\u0002,;'];
    for (const QID2 of typed) {
      const person = await Respondent.at(world, `/a/${world.ids.show('SV', survey.id)}`);
      await person.send({ QID1: '1' });
      await person.send({ QID2 });
    }
    await world.database.inBrand(survey.brandId, async (unit) => {
      const selection = { ...ALL, surveyId: survey.id };
      const versions = [survey.publishedVersionId!];
      const broken = whole(copyOfResponses(unit, selection, versions), async () => {
        throw new Error('The disk is full');
      });
      await expect(broken).rejects.toThrow('The disk is full');
      const answers = await whole(copyOfResponses(unit, selection, versions), async (pieces) => {
        const rows = [];
        for await (const some of rowsIn(pieces)) {
          rows.push(...some);
        }
        return rows.map((row) => row.answers['QID2']?.text);
      });
      expect(answers).toEqual(typed.map((text) => text.trim()));
    });
  });
});
