import fc from 'fast-check';
import { talliesOf, type TallyName } from '../../src/ledger/tallies.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience } from '../distributions/builders.js';

const STATES = ['queued', 'leased', 'wire', 'accepted', 'failed', 'uncertain', 'skipped', 'cancelled'] as const;
const MARKS = ['bounced', 'complained', 'opened', 'started', 'partial', 'finished', 'opted_out'] as const;
const PEOPLE = 12;

describe('counters of a distribution', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld({ ROLE: 'web' });
    ada = await world.aPerson(await world.aBrand());
  });
  afterAll(() => world.close());

  const change = fc.record({
    people: fc.uniqueArray(fc.nat(PEOPLE - 1), { minLength: 1 }),
    state: fc.constantFrom(...STATES),
    mark: fc.constantFrom(...MARKS),
    isSet: fc.boolean(),
  });

  it('are what the ledger adds up to, whatever statements change it', async () => {
    const survey = await aSurvey(world, ada);
    const { listId, contactIds } = await anAudience(world, ada, PEOPLE);
    const { id } = await aDistribution(world, ada, survey, { listId });
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run(
        `INSERT INTO messages (brand_id, distribution_id, survey_id, contact_id, recipient, address, state)
         SELECT $1, $2, $3, contact, '{}', 'somebody@example.com', 'queued' FROM unnest($4::bigint[]) AS contact`,
        [ada.actor.brandId, id, survey.id, contactIds],
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        await world.database.inBrand(ada.actor.brandId, async (unit) => {
          for (const { people, state, mark, isSet } of changes) {
            await unit.run(
              `UPDATE messages SET state = $3, ${mark}_at = CASE WHEN $4::boolean THEN $5::timestamptz END
               WHERE distribution_id = $1 AND contact_id = ANY ($2)`,
              [id, people.map((place) => contactIds[place]), state, isSet, world.clock.now()],
            );
          }
          expect(await countersOf(unit, id)).toEqual(await ledgerOf(unit, id));
        });
      }),
      { numRuns: 30 },
    );
  });
});

type Unit = Parameters<typeof talliesOf>[0];
type Counts = Partial<Record<TallyName, number>>;

async function countersOf(unit: Unit, id: string): Promise<Counts> {
  const tallies = (await talliesOf(unit, [id]))(id);
  return Object.fromEntries(Object.entries(tallies).filter(([, n]) => n !== 0));
}

async function ledgerOf(unit: Unit, id: string): Promise<Counts> {
  const rows = await unit.sql<{ name: TallyName; n: number }>(
    `SELECT state AS name, count(*)::int AS n FROM messages WHERE distribution_id = $1 GROUP BY 1
     ${MARKS.map((mark) => `UNION ALL SELECT '${mark}', count(${mark}_at)::int FROM messages WHERE distribution_id = $1`).join(' ')}`,
    [id],
  );
  return Object.fromEntries(rows.filter(({ n }) => n > 0).map(({ name, n }) => [name, n]));
}
