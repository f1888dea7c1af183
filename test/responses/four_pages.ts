import { exampleDefinition, type SurveyDefinition } from '../../src/engine/definition.js';

/** One text on each of four pages; the third and the end repeat what was said. */
export function fourPages(changes: Partial<SurveyDefinition> = {}): SurveyDefinition {
  const { QID2 } = exampleDefinition().questions;
  const texts: Record<string, string> = {
    QID3: 'You said ${q://QID1/ChoiceTextEntryValue} and ${e://Field/Copied}, ${m://FirstName} of ${e://Field/Team}. Why?',
  };
  const ids = ['QID1', 'QID2', 'QID3', 'QID4'];
  const block = (id: string) => ({ id: `BL${id}`, name: id, items: [{ kind: 'question' as const, question: id }] });
  return exampleDefinition({
    questions: Object.fromEntries(
      ids.map((id) => [id, { ...QID2!, id, exportTag: id, text: texts[id] ?? `Question ${id}` } as never]),
    ),
    blocks: Object.fromEntries(ids.map((id) => [`BL${id}`, block(id)])),
    flow: [
      { kind: 'embedded', fields: [{ name: 'Team' }] },
      { kind: 'block', block: 'BLQID1' },
      { kind: 'embedded', fields: [{ name: 'Copied', value: 'copy of ${q://QID1/ChoiceTextEntryValue}' }] },
      ...ids.slice(1).map((id) => ({ kind: 'block' as const, block: `BL${id}` })),
    ],
    ending: {
      kind: 'message',
      message: 'Said: ${q://QID1/ChoiceTextEntryValue}, then ${q://QID4/ChoiceTextEntryValue}.',
    },
    ...changes,
  });
}
