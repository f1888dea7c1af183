import pg from 'pg';
import { Folding } from '../../src/summaries/folding.js';
import type { Unit } from '../../src/platform/db/database.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDelta, aDistribution, aResponse, countedIn } from './builders.js';

describe('folding', () => {
  let world: World;
  let person: Person;
  let survey: Survey;
  let folding: Folding;
  beforeAll(async () => {
    world = await startWorld();
    folding = world.app.get(Folding);
  });
  beforeEach(async () => {
    await world.forget();
    person = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, person);
  });
  afterAll(() => world.close());

  const rollups = (): Promise<object[]> =>
    world.database.inBrand(survey.brandId, (unit) =>
      unit.sql(
        `SELECT hour, channel, source, started, finished, partial FROM summary_rollups WHERE survey_id = $1 ORDER BY 1, 2, 3`,
        [survey.id],
      ),
    );

  it('adds deltas up by hour, channel and source, and takes them away', async () => {
    const hour = new Date('2026-11-23T10:00:00Z');
    await aDelta(world, survey, { hour, started: 1 });
    await aDelta(world, survey, { hour: new Date('2026-11-23T10:59:59Z'), started: 1, finished: 1 });
    await aDelta(world, survey, { hour, channel: 'social', source: 'x', started: 1, partial: 1 });
    await folding.fold(survey.brandId);
    await aDelta(world, survey, { hour, finished: 1 });
    await folding.fold(survey.brandId);
    expect(await rollups()).toEqual([
      { hour, channel: 'anonymous', source: '', started: 2, finished: 2, partial: 0 },
      { hour, channel: 'social', source: 'x', started: 1, finished: 0, partial: 1 },
    ]);
    expect((await countedIn(world, survey)).waiting).toBe(0);
  });

  it('is woken by the sweep when deltas wait', async () => {
    await aDelta(world, survey, { started: 1 });
    await world.jobs.sweep();
    await world.jobs.settled();
    expect(await countedIn(world, survey)).toMatchObject({ started: 1, waiting: 0 });
  });

  it('works through any number of deltas in bounded batches', async () => {
    await Promise.all(Array.from({ length: 25 }, () => aDelta(world, survey, { started: 1 })));
    expect(await folding.foldBatch(survey.brandId, 10)).toBe(10);
    expect((await countedIn(world, survey)).waiting).toBe(15);
    await folding.fold(survey.brandId, 10);
    expect(await countedIn(world, survey)).toMatchObject({ started: 25, waiting: 0 });
  });

  it('leaves a brand to the process that folds it already', async () => {
    await aDelta(world, survey, { started: 1 });
    await world.database.inBrand(survey.brandId, async (unit) => {
      await folding.foldBatchIn(unit, survey.brandId);
      expect(await apart((own) => folding.foldBatchIn(own, survey.brandId))).toBe(0);
    });
    expect(await countedIn(world, survey)).toMatchObject({ started: 1, waiting: 0 });
  });

  it('touches the deltas of its own brand only', async () => {
    const other = await aSurvey(world, await world.aPerson(await world.aBrand('Globex')));
    await aDelta(world, other, { started: 1 });
    await folding.fold(survey.brandId);
    expect((await countedIn(world, other)).waiting).toBe(1);
  });

  it('sums the counters of a distribution so that they equal its ledger', async () => {
    const id = await aDistribution(world, survey, { states: { queued: 3, skipped: 2 } });
    await folding.fold(survey.brandId);
    await world.database.inBrand(survey.brandId, (unit) =>
      unit.run(`UPDATE messages SET state = 'accepted' WHERE distribution_id = $1 AND state = 'queued'`, [id]),
    );
    await folding.fold(survey.brandId);
    const rows = await world.database.inBrand(survey.brandId, (unit) =>
      unit.sql(`SELECT name, n::int FROM distribution_tallies WHERE distribution_id = $1 AND n <> 0 ORDER BY 1`, [id]),
    );
    expect(rows).toEqual([
      { name: 'accepted', n: 3 },
      { name: 'skipped', n: 2 },
    ]);
  });

  it('goes on when a distribution whose deltas wait is gone for good', async () => {
    const id = await aDistribution(world, survey, { states: { queued: 1 } });
    await world.database.inBrand(survey.brandId, (unit) => unit.run('DELETE FROM distributions WHERE id = $1', [id]));
    await aDelta(world, survey, { started: 1 });
    await folding.fold(survey.brandId);
    expect(await countedIn(world, survey)).toMatchObject({ started: 1, waiting: 0 });
  });

  it('loses and doubles nothing while 50 people answer and the folder is killed again and again', async () => {
    const writers = Array.from({ length: 50 }, async (_, index) => {
      for (let turn = 0; turn < 8; turn += 1) {
        await aResponse(world, survey, {
          finished: (index + turn) % 4 > 0,
          channel: index % 2 ? 'email' : 'anonymous',
        });
      }
    });
    const written = new AbortController();
    const writing = Promise.all(writers).finally(() => written.abort());
    const killing = foldAndKill(world, survey.brandId, written.signal);
    const proofs: boolean[] = [];
    while (!written.signal.aborted) {
      const { started, finished, partial } = await countedIn(world, survey);
      proofs.push(started === finished + partial);
    }
    await writing;
    expect(await killing).toBeGreaterThan(0);
    expect(proofs.every(Boolean)).toBe(true);
    expect(await countedIn(world, survey)).toMatchObject({ started: 400, finished: 300, partial: 100 });
    await folding.fold(survey.brandId);
    expect(await countedIn(world, survey)).toMatchObject({ started: 400, finished: 300, partial: 100, waiting: 0 });
    expect((await folding.rebuild(survey.brandId, survey.id)).wrong).toBe(0);
  });

  it('rebuilds the very same roll-ups from sessions and responses, folded or not', async () => {
    await aResponse(world, survey, { at: new Date('2026-11-20T22:59:59Z') });
    await aResponse(world, survey, { at: new Date('2026-11-20T23:00:00Z'), channel: 'email', finished: false });
    await aResponse(world, survey, { at: new Date('2026-11-20T23:00:00Z'), channel: 'preview', status: 1 });
    await folding.fold(survey.brandId);
    await aResponse(world, survey, { at: new Date('2026-11-20T23:30:00Z') });
    const before = await countedIn(world, survey);
    expect(await folding.rebuild(survey.brandId, survey.id)).toMatchObject({ wrong: 0 });
    expect(await countedIn(world, survey)).toEqual({ ...before, waiting: 0 });
    expect(await rollups()).toHaveLength(3);
  });

  it('finds and mends a roll-up that was changed by hand', async () => {
    await aResponse(world, survey);
    await folding.fold(survey.brandId);
    const change = (table: string): Promise<number> =>
      world.database.inBrand(survey.brandId, (unit) => unit.run(`UPDATE ${table} SET started = 7`));
    await change('summary_totals');
    expect((await folding.rebuild(survey.brandId, survey.id)).wrong).toBe(1);
    await change('summary_rollups');
    expect((await folding.rebuild(survey.brandId, survey.id)).wrong).toBe(2); // the hour, and the total beside it
    expect((await folding.rebuild(survey.brandId, survey.id)).wrong).toBe(0);
    expect(await countedIn(world, survey)).toMatchObject({ started: 1, finished: 1 });
  });

  it('rebuilds exactly while people answer', async () => {
    const answering = Promise.all(Array.from({ length: 40 }, () => aResponse(world, survey)));
    const rebuilds = await Promise.all([1, 2, 3].map(() => folding.rebuild(survey.brandId, survey.id)));
    await answering;
    await folding.fold(survey.brandId);
    expect(rebuilds.map(({ wrong }) => wrong)).toEqual([0, 0, 0]);
    expect(await countedIn(world, survey)).toMatchObject({ started: 40, finished: 40 });
  });

  function apart<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    return world.database.apart(survey.brandId, work);
  }
});

/** Folds without a pause and cuts every second folder's connection before it can commit. @returns the number of kills */
async function foldAndKill(world: World, brandId: string, end: AbortSignal): Promise<number> {
  const folding = world.app.get(Folding);
  const killer = new pg.Client({ connectionString: process.env['TEST_CLUSTER_URL']! });
  await killer.connect();
  let kills = 0;
  while (!end.aborted) {
    await folding.foldBatch(brandId, 7);
    const killed = world.database.inBrand(brandId, async (unit) => {
      await folding.foldBatchIn(unit, brandId, 7);
      const [{ pid }] = (await unit.sql<{ pid: number }>('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
      await killer.query('SELECT pg_terminate_backend($1)', [pid]);
    });
    kills += await killed.then(
      () => 0,
      () => 1,
    );
  }
  await killer.end();
  return kills;
}
