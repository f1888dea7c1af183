import fc from 'fast-check';
import { readPasted } from '../../../src/contacts/pasting/pasted_contacts.js';

describe('pasted contacts', () => {
  it('reads addresses, names with addresses, and lines of cells', () => {
    const text = [
      'a@example.com',
      'Grace Brewster Hopper <grace@example.com>',
      '"Hopper, Grace" <g.hopper@example.com>,',
      'ada@example.com, Ada, Lovelace',
      'Alan\tTuring\talan@example.com',
      'x@example.com; y@example.com, z@example.com',
      '\u{feff}mailto:m@example.com?subject=Hello',
      '"q@example.com","Quinn","Quist"',
      '',
      'A@EXAMPLE.com',
    ].join('\r\n');
    const { people, bad } = readPasted(text);
    expect(bad).toEqual([]);
    expect(people.map(({ email, firstName, lastName }) => `${email}|${firstName}|${lastName}`)).toEqual([
      'a@example.com||',
      'grace@example.com|Grace Brewster|Hopper',
      'g.hopper@example.com|Grace|Hopper',
      'ada@example.com|Ada|Lovelace',
      'alan@example.com|Alan|Turing',
      'x@example.com||',
      'y@example.com||',
      'z@example.com||',
      'm@example.com||',
      'q@example.com|Quinn|Quist',
    ]);
  });

  it('names each line that is nobody, with its reason', () => {
    const { people, bad } = readPasted(
      'fine@example.com\nnobody\nGrace <not an address>\na@b@c\na@example.com,b,c,d\nz\u{200b}z@example.com',
    );
    expect(people).toHaveLength(1);
    expect(bad.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'holds no e-mail address'],
      [3, 'is not an e-mail address'],
      [4, 'is not an e-mail address'],
      [5, 'has more than an address and two names'],
      [6, 'holds a zero-width space (U+200B), which nobody sees; type the address anew'],
    ]);
  });

  it('makes somebody or a reason of every line, whatever was pasted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const { people, bad } = readPasted(text);
        expect(people.every(({ email }) => email.includes('@') && !/[\r\n]/.test(email))).toBe(true);
        const filled = text.split(/\r\n|\r|\n/).filter((line) => line.replaceAll(/[;,\s]/g, '') !== '');
        expect(people.length === 0 && bad.length === 0 && filled.length > 0).toBe(false);
      }),
    );
  });

  it('finds everybody again whom it is told, in any of the ways to write them', () => {
    const word = fc.stringMatching(/^[A-Z][a-z]{0,8}$/);
    const person = fc.record({ user: fc.stringMatching(/^[a-z]{1,8}$/), first: word, last: word, way: fc.nat(2) });
    fc.assert(
      fc.property(fc.uniqueArray(person, { selector: ({ user }) => user, maxLength: 30 }), (told) => {
        const lines = told.map(({ user, first, last, way }) => {
          const email = `${user}@example.com`;
          return [email, `${first} ${last} <${email}>`, `${email}, ${first}, ${last}`][way]!;
        });
        const { people, bad } = readPasted(lines.join('\n'));
        expect(bad).toEqual([]);
        expect(people.map(({ email }) => email)).toEqual(told.map(({ user }) => `${user}@example.com`));
      }),
    );
  });
});
