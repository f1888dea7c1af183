import fc from 'fast-check';
import { Invalid } from '../../../src/platform/errors.js';
import { changesBetween } from '../../../src/surveys/changes.js';
import { exampleDefinition } from '../../../src/engine/definition.js';
import { plainText } from '../../../src/engine/text.js';
import { editable, reworded, stored, withQuestion, wordingsOf } from '../../../src/surveys/wording/wording.js';

const draft = exampleDefinition();
const { QID1: choice } = draft.questions;

describe('the wording of a question', () => {
  it('is read in no time, however many tags begin and never end', () => {
    const begun = '<'.repeat(400_000);
    expect(plainText(`<b>Rate</b> ${begun}`)).toBe(`Rate ${begun}`);
  });

  it('is edited in no time, however many blanks stand in a row', () => {
    const blanks = ' '.repeat(400_000);
    expect(editable(`a${blanks}b`)).toBe(`a${blanks}b`);
    expect(editable(`a${blanks}\n${blanks}b`)).toBe('a b');
  });

  it('is edited as people write it', () => {
    expect(editable('Tom &amp; Jerry<br />are "friends"')).toBe('Tom & Jerry\nare "friends"');
    expect(stored('Tom & Jerry\nare "friends"')).toBe('Tom &amp; Jerry<br />are "friends"');
    expect(editable('<ul>\n<li>one</li>\n</ul>')).toBe('<ul>\n<li>one</li>\n</ul>');
  });

  it('keeps formatting and loses everything that runs', () => {
    expect(stored('<b>Rate</b> us <script>alert(1)</script><img src=x onerror=alert(1)>')).toBe('<b>Rate</b> us');
    expect(stored('<a href="javascript:alert(1)">go</a>')).not.toContain('javascript');
  });

  it('is the same after it was edited without a change', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const once = stored(typed);
        expect(stored(editable(once))).toBe(once);
      }),
    );
  });

  it('stays plain text for plain text', () => {
    const plain = fc.string().filter((text) => !/[<>&\r]/.test(text));
    fc.assert(fc.property(plain, (typed) => expect(plainText(stored(typed))).toBe(plainText(typed.trim()))));
  });

  it('changes texts and nothing else', () => {
    const changed = reworded(choice!, { text: 'How was it?', 'choice.1': 'Great', 'choice.9': 'ignored' });
    expect(changed).toEqual({
      ...choice,
      text: 'How was it?',
      choices: [{ id: '1', text: 'Great', value: '1' }, ...(choice as { choices: object[] }).choices.slice(1)],
    });
  });

  it('keeps every character of a text that nobody touched', () => {
    const imported = { ...choice!, text: 'R&amp;D &nbsp;\n or <b>R&D</b> \n' };
    const typed = Object.fromEntries(
      wordingsOf(imported).map(({ name, value }) => [name, value.replaceAll('\n', '\r\n')]),
    );
    expect(reworded(imported, typed)).toEqual(imported);
  });

  it('refuses to leave a text empty, by the name of its field', () => {
    const refused = () => reworded(choice!, { text: ' <br> ', 'choice.2': '' });
    expect(refused).toThrow(Invalid);
    try {
      refused();
    } catch (error) {
      expect(Object.keys((error as Invalid).fields)).toEqual(['text', 'choice.2']);
    }
  });

  it('names the ends of a scale', () => {
    const scale = {
      id: 'QID3',
      type: 'nps',
      exportTag: 'Q3',
      text: 'Recommend?',
      required: 'none',
      lowLabel: 'No',
    } as const;
    expect(wordingsOf(scale).map(({ name, value }) => [name, value])).toEqual([
      ['text', 'Recommend?'],
      ['label.0', 'No'],
      ['label.1', ''],
    ]);
    expect(reworded(scale, { 'label.1': 'Yes' })).toMatchObject({ lowLabel: 'No', highLabel: 'Yes' });
  });
});

describe('what publishing changes', () => {
  const say = (key: string, values: Record<string, unknown> = {}) => `${key} ${JSON.stringify(values)}`;

  it('is named for each question', () => {
    const after = withQuestion(
      { ...draft, title: 'New title' },
      reworded(choice!, { text: 'How was it?', 'choice.1': 'Great' }),
    );
    expect(changesBetween(draft, draft, say)).toEqual([]);
    expect(changesBetween(draft, after, say)).toEqual([
      'publish.changed_title {"before":"Onboarding pulse","after":"New title"}',
      'publish.changed_text {"tag":"Q1","before":"How was your first week?","after":"How was it?"}',
      'publish.changed_parts {"tag":"Q1","parts":"publish.part_choices {}"}',
    ]);
  });
});
