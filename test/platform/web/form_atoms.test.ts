import fc from 'fast-check';
import {
  asWritten,
  block,
  count,
  line,
  named,
  ownPath,
  ticked,
  wholeNumber,
  wholeNumberOrNone,
} from '../../../src/platform/web/form_atoms.js';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });

describe('the fields of forms', () => {
  it('take one line of whatever is sent, no longer than its field', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const taken = line(20).parse(text);
        expect(taken).not.toMatch(/\p{Cc}/u);
        expect(taken.length).toBeLessThanOrEqual(20);
        expect(taken.isWellFormed()).toBe(true);
      }),
    );
    expect(line(20).parse('  How was it?\r\nBcc: all@acme.example')).toBe('How was it? Bcc: all');
    expect([undefined, null, ['a', 'b'], { a: 'b' }].map((sent) => line(20).parse(sent))).toEqual(['', '', '', '']);
  });

  it('cut no half of a character off', () => {
    expect(asWritten(4).parse('abc🎉')).toBe('abc\u{fffd}');
  });

  it('keep the line ends of a longer text, of one kind', () => {
    expect(block.parse(' Dear\r\nAda,\n\0')).toBe(' Dear\nAda,\n');
  });

  it('are ticked by what a browser sends for a box alone', () => {
    expect(['on', 'off', '', undefined, ['on', 'on']].map((sent) => ticked.parse(sent))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('lead to pages of ours alone', () => {
    expect(ownPath.parse('/surveys?after=3')).toBe('/surveys?after=3');
    for (const path of [
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'https://evil.example',
      'surveys',
      undefined,
    ]) {
      expect(ownPath.parse(path)).toBe('/');
    }
  });

  it('take numbers as people write them, and say which they take', () => {
    const most = wholeNumber(1, 1000);
    expect(['1', ' 1,000 ', '1’000'].map((text) => most.parse(text))).toEqual([1, 1000, 1000]);
    for (const text of ['', '0', '1,001', '1.5', '-1', undefined]) {
      expect(most.safeParse(text).error?.issues[0]?.message).toBe('A whole number from 1 to 1,000.');
    }
    expect([' ', '12'].map((text) => wholeNumberOrNone(1, 1000).parse(text))).toEqual([null, 12]);
    expect(['7', '-1', '1.5', 'many', '1e99'].map((text) => count().parse(text))).toEqual([7, 0, 0, 0, 0]);
  });

  it('ask for a name by the words of the form', () => {
    const name = named(10, 'Give it a name.');
    expect(name.parse(' Pioneers ')).toBe('Pioneers');
    expect(name.safeParse('  ').error?.issues[0]?.message).toBe('Give it a name.');
    expect(name.safeParse('Pioneers of computing').error?.issues[0]?.message).toBe('At most 10 characters.');
  });
});
