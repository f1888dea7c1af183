import fc from 'fast-check';
import {
  operatorsOf,
  SEGMENT_FIELDS,
  type SegmentCondition,
  SegmentConditions,
  type SegmentTree,
} from '../../../src/contacts/segments/segment_conditions.js';
import { SegmentsService } from '../../../src/contacts/segments/segments.service.js';
import { Bindings } from '../../../src/platform/db/bindings.js';
import { Sink } from '../../mailer/sink.js';
import { aDistribution, anAudience, workOff } from '../../distributions/builders.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';
import { aContact, aList } from '../builders.js';

const DAY_MS = 86_400_000;

describe('segments', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  type Short = Partial<SegmentCondition> & Pick<SegmentCondition, 'field' | 'operator'>;
  const treeOf = (conditions: Short[], match: 'all' | 'any' = 'all'): SegmentTree => ({
    match,
    conditions: conditions.map((one) => ({ name: '', value: '', ...one })),
  });
  const meant = async (conditions: Short[], match: 'all' | 'any' = 'all'): Promise<string[]> => {
    const { count, members } = await world.app.get(SegmentsService).preview(ada.actor, treeOf(conditions, match));
    expect(members).toHaveLength(Math.min(10, count));
    return members.map(({ firstName }) => firstName).toSorted();
  };

  it('find people by fields, language and embedded data', async () => {
    await aContact(world, ada, { firstName: 'Ann', language: 'EN', embedded: { Age: '9', Since: '2026-05-01' } });
    await aContact(world, ada, { firstName: 'Bob', language: 'DE', embedded: { Age: '40', Since: '2027-01-01' } });
    await aContact(world, ada, { firstName: 'Cleo', language: 'de', embedded: { Age: 'old' } });
    expect(await meant([{ field: 'language', operator: 'is', value: 'de' }])).toEqual(['Bob', 'Cleo']);
    expect(await meant([{ field: 'language', operator: 'is_not', value: 'de' }])).toEqual(['Ann']);
    expect(await meant([{ field: 'firstName', operator: 'contains', value: 'O' }])).toEqual(['Bob', 'Cleo']);
    expect(await meant([{ field: 'firstName', operator: 'begins', value: 'c' }])).toEqual(['Cleo']);
    expect(await meant([{ field: 'embedded', name: 'Age', operator: 'greater', value: '10' }])).toEqual(['Bob']);
    expect(await meant([{ field: 'embedded', name: 'Age', operator: 'less', value: '10' }])).toEqual(['Ann']);
    // A code with zeros in front is no number, on either side: it is compared by its letters.
    expect(await meant([{ field: 'embedded', name: 'Age', operator: 'greater', value: '007' }])).toEqual([
      'Ann',
      'Bob',
      'Cleo',
    ]);
    expect(await meant([{ field: 'embedded', name: 'Since', operator: 'greater', value: '2026-12-31' }])).toEqual([
      'Bob',
    ]);
    const since = { field: 'embedded', name: 'Since', value: '2026-12-31' } as const;
    expect(await meant([{ ...since, operator: 'after' }])).toEqual(['Bob']);
    expect(await meant([{ ...since, operator: 'before' }])).toEqual(['Ann']);
    // What is no date is neither before nor after one.
    expect(await meant([{ ...since, name: 'Age', operator: 'after' }])).toEqual([]);
    expect(await meant([{ field: 'embedded', name: 'Since', operator: 'is_empty' }])).toEqual(['Cleo']);
    expect(await meant([{ field: 'embedded', name: 'Since', operator: 'is_not_empty' }])).toEqual(['Ann', 'Bob']);
    const young: Short = { field: 'embedded', name: 'Age', operator: 'less', value: '10' };
    const german: Short = { field: 'language', operator: 'is', value: 'DE' };
    expect(await meant([young, german])).toEqual([]);
    expect(await meant([young, german], 'any')).toEqual(['Ann', 'Bob', 'Cleo']);
  });

  it('find people by list and opt-out; a list that is gone says nothing about anybody', async () => {
    const list = await aList(world, ada);
    await aContact(world, ada, { firstName: 'On' }, list.id);
    await aContact(world, ada, { firstName: 'Off' });
    await anAudience(world, ada, [{ firstName: 'Out', email: 'out@example.com', optedOutAt: world.clock.now() }]);
    expect(await meant([{ field: 'list', operator: 'yes', value: list.id }])).toEqual(['On']);
    expect(await meant([{ field: 'list', operator: 'no', value: list.id }])).toEqual(['Off', 'Out']);
    expect(await meant([{ field: 'optedOut', operator: 'yes' }])).toEqual(['Out']);
    expect(await meant([{ field: 'optedOut', operator: 'no' }])).toEqual(['Off', 'On']);
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('DELETE FROM contact_lists WHERE id = $1', [list.id]),
    );
    expect(await meant([{ field: 'list', operator: 'yes', value: list.id }])).toEqual([]);
    expect(await meant([{ field: 'list', operator: 'no', value: list.id }])).toEqual([]);
  });

  it('find people by what they got, and when they came', async () => {
    const start = world.clock.now();
    const { listId } = await anAudience(world, ada, [{ firstName: 'Got', email: 'got@example.com' }]);
    await aDistribution(world, ada, await aSurvey(world, ada), { listId });
    await workOff(world);
    await aContact(world, ada, { firstName: 'New' });
    expect(await meant([{ field: 'written', operator: 'within', value: '7' }])).toEqual(['Got']);
    expect(await meant([{ field: 'written', operator: 'not_within', value: '7' }])).toEqual(['New']);
    expect(await meant([{ field: 'finished', operator: 'within', value: '7' }])).toEqual([]);
    expect(await meant([{ field: 'created', operator: 'within', value: '7' }])).toEqual(['Got', 'New']);
    world.clock.set(new Date(start.getTime() + 8 * DAY_MS));
    expect(await meant([{ field: 'written', operator: 'within', value: '7' }])).toEqual([]);
    expect(await meant([{ field: 'created', operator: 'not_within', value: '7' }])).toEqual(['Got', 'New']);
    world.clock.set(start);
  });

  it('are refused with a comparison that does not fit its field, whichever way they come', async () => {
    const segments = world.app.get(SegmentsService);
    const fitting: Short = { field: 'language', operator: 'is', value: 'de' };
    const id = await segments.create(ada.actor, 'Germans', treeOf([fitting]));
    const unfit: Short[] = [
      { field: 'lastName', operator: 'greater', value: '3' },
      { field: 'created', operator: 'is', value: '3' },
      { field: 'list', operator: 'contains', value: '1' },
      { field: 'embedded', name: 'Since', operator: 'after', value: '2027-02-30' },
      { field: 'embedded', name: 'Age', operator: 'greater', value: '007' },
      { field: 'optedOut', operator: 'within', value: '3' },
    ];
    for (const one of unfit) {
      const tree = treeOf([fitting, one]);
      await expect(segments.create(ada.actor, 'Odd', tree)).rejects.toThrow('Condition 2: ');
      await expect(segments.update(ada.actor, id, 'Odd', tree)).rejects.toThrow('Condition 2: ');
    }
    expect((await segments.list(ada.actor)).map(({ name }) => name)).toEqual(['Germans']);
  });

  it('never reach beyond their brand', async () => {
    await aContact(world, ada, { firstName: 'Ours' });
    const stranger = await world.aPerson(await world.aBrand('Globex'), { type: 'administrator' });
    const tree = treeOf([{ field: 'email', operator: 'is_not_empty' }]);
    expect((await world.app.get(SegmentsService).preview(stranger.actor, tree)).count).toBe(0);
  });

  it('bind every name and value that people write, and every such statement can be asked', async () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        `'); DROP TABLE contacts; --`,
        `$1`,
        `" OR 1=1`,
        `\\`,
        '%',
        '1e400',
        '9'.repeat(40),
        '2027-02-30',
      ),
      fc.string({ maxLength: 40 }).filter((text) => !text.includes('\0')),
    );
    const condition = fc.constantFrom(...SEGMENT_FIELDS).chain((field) =>
      fc.record({
        field: fc.constant(field),
        name: hostile,
        operator: fc.constantFrom(...operatorsOf(field)),
        value:
          field === 'list' ? fc.constant('1') : operatorsOf(field).includes('within') ? fc.constant('3650') : hostile,
      }),
    );
    const trees = fc.record({
      match: fc.constantFrom('all' as const, 'any' as const),
      conditions: fc.array(condition, { minLength: 1, maxLength: 10 }),
    });
    await aContact(world, ada, { embedded: { Age: '9' } });
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        const bindings = new Bindings();
        const asked = { brandId: ada.actor.brandId, now: world.clock.now(), bindings };
        const sql = new SegmentConditions().sqlOf(tree, asked);
        expect(sql).not.toContain('DROP');
        await world.app.get(SegmentsService).preview(ada.actor, tree);
      }),
      { numRuns: 60 },
    );
  });
});
