import { exampleDefinition, type SurveyDefinition } from '../../../src/engine/definition.js';
import { type OutlineNode } from '../../../src/surveys/outline/outline.js';
import { outlineList, questionUrl } from '../../../src/surveys/outline/outline_list.js';
import { OutlinePlaces } from '../../../src/surveys/outline/outline_parts.js';

const PATH = '/surveys/SV_1';
const say = (key: string, values: Record<string, unknown> = {}) => `${key} ${Object.values(values).join(' ')}`.trim();

/** A group with blocks of a hundred questions each, and one block that nothing asks. */
function long(count: number, choices = 2): SurveyDefinition {
  const ids = Array.from({ length: count }, (_, place) => `QID${place + 1}`);
  const list = Array.from({ length: choices }, (_, place) => ({
    id: `${place + 1}`,
    text: 'x',
    value: `${place + 1}`,
  }));
  const blocks = Array.from({ length: Math.ceil(count / 100) }, (_, place) => ({
    id: `BL${place}`,
    name: `B${place}`,
    items: ids.slice(place * 100, place * 100 + 100).map((question) => ({ kind: 'question' as const, question })),
  }));
  return exampleDefinition({
    questions: Object.fromEntries(
      ids.map((id) => [
        id,
        { id, exportTag: id, text: 'How?', required: 'none', type: 'choice', subtype: 'single', choices: list },
      ]),
    ),
    blocks: Object.fromEntries(blocks.map((block) => [block.id, block])),
    flow: [
      { kind: 'group', name: 'G', children: blocks.slice(1).map(({ id }) => ({ kind: 'block', block: id })) },
      { kind: 'end', ending: { kind: 'default' } },
    ],
  });
}

const tagsOf = (nodes: readonly OutlineNode[]): string[] =>
  nodes.flatMap(({ items, children }) => [
    ...items.flatMap((item) => ('question' in item ? [item.question.tag] : [])),
    ...tagsOf(children),
  ]);

function partsOf(definition: SurveyDefinition) {
  const places = new OutlinePlaces(definition);
  const parts = [places.first];
  while (parts.at(-1)!.hasMore) parts.push(places.partFrom(parts.at(-1)!.to));
  return parts.map((part) => outlineList(definition, say, () => undefined, { part, path: PATH }));
}

describe('an outline that is shown in parts', () => {
  it.each([
    ['many questions', long(1050)],
    ['many choices', long(300, 900)],
    ['questions that are each larger than a part', long(3, 5000)],
  ])('lists each question once, in the order of the whole: %s', (_name, definition) => {
    const parts = partsOf(definition);
    expect(parts.length).toBeGreaterThan(1);
    const asked = Object.keys(definition.questions);
    expect(parts.flatMap(({ nodes }) => tagsOf(nodes))).toEqual([...asked.slice(100), ...asked.slice(0, 100)]);
  });

  it('says how many there are, where the next begin, and which element goes on', () => {
    const [first, second] = partsOf(long(700));
    expect(first).toMatchObject({
      pages: { rows: 'outline', shown: 'outline.part 1 296 700', moreUrl: `${PATH}?from=300` },
    });
    expect(first!.start).toBeUndefined();
    expect(second!.start).toEqual({ url: PATH, text: 'outline.start' });
    expect(second!.pages!.shown).toBe('outline.part 297 593 700');
    expect(second!.nodes[0]!.title).toBe('outline.continued outline.group G');
    expect(second!.nodes[0]!.children.map(({ title }) => title).slice(0, 2)).toEqual([
      'outline.continued outline.block B3',
      'outline.block B4',
    ]);
  });

  it('needs no parts where a survey is as large as most', () => {
    const [whole] = partsOf(exampleDefinition());
    expect(whole).toEqual({ nodes: expect.any(Array) });
  });

  it('begins anew for a place that there is not', () => {
    const places = new OutlinePlaces(long(700));
    expect(places.partFrom(100_000)).toEqual(places.first);
  });

  it('leads to each question at its place', () => {
    const places = new OutlinePlaces(long(700));
    expect(questionUrl(places, 'QID101', PATH)).toBe(`${PATH}#question_QID101`);
    expect(questionUrl(places, 'QID101', PATH, places.first)).toBe('#question_QID101');
    expect(questionUrl(places, 'QID650', PATH, places.first)).toBe(`${PATH}?from=556#question_QID650`);
    expect(questionUrl(places, 'QID650', PATH, places.partFrom(556))).toBe('#question_QID650');
  });
});
