import { exampleDefinition } from '../../src/engine/definition.js';
import type { FlowNode, SurveyDefinition } from '../../src/engine/definition.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { SessionsService } from '../../src/responses/sessions/sessions.service.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { Respondent } from './respondent.js';
import { responsesOf, sessionsOf } from './rows.js';

const ARMS = ['A', 'B', 'C'];
const CHOICES = [
  { id: '1', text: 'Yes', value: '1' },
  { id: '2', text: 'No', value: '2' },
];

/** A page for everybody, three arms of one page each, of which each person meets one, and a page at the end. */
function survey(flow: (arms: FlowNode) => FlowNode[]): SurveyDefinition {
  const ids = ['First', ...ARMS, 'Last'];
  const asked = (id: string): object => ({
    id,
    type: 'choice',
    subtype: 'single',
    exportTag: id,
    text: `Question ${id}`,
    required: 'force',
    choices: CHOICES,
  });
  const block = (id: string): object => ({ id, name: id, items: [{ kind: 'question', question: id }] });
  const children = ARMS.map((id): FlowNode => ({ kind: 'block', block: id }));
  return exampleDefinition({
    questions: Object.fromEntries(ids.map((id) => [id, asked(id)])) as SurveyDefinition['questions'],
    blocks: Object.fromEntries(ids.map((id) => [id, block(id)])) as SurveyDefinition['blocks'],
    flow: flow({ kind: 'randomizer', show: 1, even: true, children }),
  });
}

const first: FlowNode = { kind: 'block', block: 'First' };
const last: FlowNode = { kind: 'block', block: 'Last' };

function armOn({ text }: Respondent): string {
  return /Question ([ABC])\b/.exec(text)?.[1] ?? '';
}

function spread(arms: readonly string[]): number {
  const counts = ARMS.map((arm) => arms.filter((one) => one === arm).length);
  return Math.max(...counts) - Math.min(...counts);
}

describe('an even randomizer', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    world.clock.set(new Date('2027-03-01T09:00:00Z'));
    ada = await world.aPerson(await world.aBrand('Acme'));
  });
  afterAll(() => world.close());
  const made = (flow: Parameters<typeof survey>[0]): Promise<Survey> =>
    aSurvey(world, ada, { definition: survey(flow) });
  const arrive = ({ id }: Survey, count: number): Promise<Respondent[]> =>
    Promise.all(Array.from({ length: count }, () => Respondent.at(world, `/a/${world.ids.show('SV', id)}`)));
  const shownOf = ({ brandId, id }: Survey): Promise<Record<string, number>[]> =>
    world.database
      .inBrand(brandId, (unit) =>
        unit.sql<{ shown: Record<string, number> }>('SELECT shown FROM draw_counts WHERE survey_id = $1', [id]),
      )
      .then((rows) => rows.map(({ shown }) => shown));

  it.each([1, 2])('shows %i of its arms to 50 people at once with a difference of one at most', async (show) => {
    const study = await made((arms) => [first, { ...arms, show } as FlowNode, last]);
    const people = await arrive(study, 50);
    await Promise.all(people.map((one) => one.send({ First: '1' })));
    for (let page = 0; page < show; page += 1) {
      await Promise.all(people.map((one) => one.send({ [armOn(one)]: '1' })));
    }
    await Promise.all(people.map((one) => one.send({ Last: '1' })));
    const responses = await responsesOf(world, study);
    const answered = responses.flatMap(({ answers }) => ARMS.filter((arm) => arm in answers));
    expect(responses).toHaveLength(50);
    expect(answered).toHaveLength(50 * show);
    expect(spread(answered)).toBeLessThanOrEqual(1);
    expect(await shownOf(study)).toEqual([
      Object.fromEntries(ARMS.map((arm) => [arm, answered.filter((one) => one === arm).length])),
    ]);
  });

  it('has a page with a button before it where it comes first; whoever looks draws nothing', async () => {
    const study = await made((arms) => [arms, last]);
    const people = await arrive(study, 50);
    expect(people[0]!.text).toContain('Onboarding pulse');
    expect(people[0]!.page.text).toMatch(/<button class="btn btn--next" name="go" value="next">Start</);
    expect(people.map(armOn).join('')).toBe('');
    expect(await shownOf(study)).toEqual([]);
    expect(await sessionsOf(world, study)).toEqual([]);
    await Promise.all(people.map((one) => one.send()));
    const met = people.map(armOn);
    expect(spread(met)).toBeLessThanOrEqual(1);
    expect(met.join('')).toHaveLength(50);
    await people[0]!.open();
    await people[0]!.send();
    expect(armOn(people[0]!)).toBe(met[0]);
    await people[0]!.send({ [met[0]!]: '2' });
    expect(people[0]!.text).toContain('Question Last');
  });

  it('says there in which language the survey describes itself, where the page is in another one', async () => {
    const translations = { ar: { title: 'استبيان', questions: {} } };
    const definition = { ...survey((arms) => [arms]), description: 'Two minutes', translations };
    const { page } = await new Respondent(world.visitor(), '').open(
      `/a/${world.ids.show('SV', (await aSurvey(world, ada, { definition })).id)}?Q_Language=ar`,
    );
    expect(page.text).toMatch(/<h1>استبيان<\/h1>[\s\S]*<p lang="en" dir="ltr">Two minutes<\/p>/);
  });

  it('needs no such page where the first page is the same in every arm', async () => {
    const arms = ARMS.map((value): FlowNode => ({ kind: 'embedded', fields: [{ name: 'arm', value }] }));
    const study = await made(() => [{ kind: 'randomizer', show: 1, even: true, children: arms }, first]);
    const people = await arrive(study, 9);
    expect(people[0]!.text).toContain('Question First');
    await Promise.all(people.map((one) => one.send({ First: '1' })));
    const recorded = (await responsesOf(world, study)).map(({ embedded }) => embedded['arm']!);
    expect(recorded.toSorted().join('')).toBe('AAABBBCCC');
  });

  it('draws once for a start that is posted twice, and nothing for a page that is refused', async () => {
    const study = await made((arms) => [first, arms, last]);
    const [grace] = await arrive(study, 1);
    await grace!.post({});
    expect(await shownOf(study)).toEqual([]);
    const { form } = grace!;
    await Promise.all([grace!.post({ First: '1' }, 'next', form), grace!.post({ First: '1' }, 'next', form)]);
    const [shown] = await shownOf(study);
    expect(Object.values(shown!).reduce((sum, times) => sum + times, 0)).toBe(1);
    expect(await sessionsOf(world, study)).toHaveLength(1);
  });

  it('keeps the arm of somebody who goes back and forth', async () => {
    const study = await made((arms) => [first, arms, last]);
    const [grace] = await arrive(study, 1);
    await grace!.send({ First: '1' });
    const arm = armOn(grace!);
    await grace!.send({}, 'back');
    await grace!.send({ First: '2' });
    expect(armOn(grace!)).toBe(arm);
    expect(await shownOf(study)).toEqual([{ [arm]: 1 }]);
  });

  it('gets back the places of walks that nobody finished, and gives them to the next', async () => {
    const study = await made((arms) => [first, arms, last]);
    const people = await arrive(study, 24);
    await Promise.all(people.map((one) => one.send({ First: '1' })));
    const stay = [
      ...people.filter((one) => armOn(one) === 'A'),
      ...people.filter((one) => armOn(one) === 'B').slice(0, 1),
    ];
    for (const one of stay) {
      await one.send({ [armOn(one)]: '1' });
      await one.send({ Last: '1' });
    }
    world.clock.forward(8 * 86_400_000);
    await world.app.get(SessionsService).closeExpiredSessions(study.brandId);
    expect(await shownOf(study)).toEqual([{ A: 8, B: 1, C: 0 }]);
    const next = await arrive(study, 15);
    await Promise.all(next.map((one) => one.send({ First: '1' })));
    expect(next.map(armOn).toSorted().join('')).toBe('BBBBBBBCCCCCCCC');
  });

  it('counts no previews', async () => {
    const study = await made((arms) => [arms, last]);
    const preview = await Respondent.at(world, `/preview/${world.ids.token('preview', study.id)}`);
    expect(armOn(preview)).not.toBe('');
    await preview.send({ [armOn(preview)]: '1' });
    expect(preview.text).toContain('Question Last');
    expect(await shownOf(study)).toEqual([]);
  });
});
