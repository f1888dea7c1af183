import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Ids } from '../../src/platform/ids.js';
import type { Keys } from '../../src/platform/keys.js';
import { NotFound } from '../../src/platform/errors.js';

const key = randomBytes(32);
const ids = new Ids({ of: () => key } as unknown as Keys);
const numbers = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String);

describe('public ids', () => {
  it('come back as the number that they were made of, for every number of a row', () => {
    fc.assert(fc.property(numbers, (id) => ids.read('SV', ids.show('SV', id)) === id));
  });

  it('are a prefix and fifteen letters or digits, as clients expect', () => {
    fc.assert(fc.property(numbers, (id) => /^CID_[0-9A-Za-z]{15}$/.test(ids.show('CID', id))));
  });

  it('of one kind are nothing as another kind', () => {
    fc.assert(
      fc.property(numbers, (id) => ids.tryRead('EMD', ids.show('SV', id).replace('SV_', 'EMD_')) === undefined),
    );
  });

  it('cannot be guessed or walked through', () => {
    const text = fc.string({
      minLength: 15,
      maxLength: 15,
      unit: fc.stringMatching(/^[0-9A-Za-z]$/),
    });
    fc.assert(fc.property(text, (guess) => ids.tryRead('SV', `SV_${guess}`) === undefined));
    expect(() => ids.read('SV', 'SV_1')).toThrow(NotFound);
  });
});

describe('tokens', () => {
  it('come back as the number that they were made of', () => {
    fc.assert(fc.property(numbers, (id) => ids.readToken('link', ids.token('link', id)) === id));
  });

  it('are 23 letters and digits', () => {
    fc.assert(fc.property(numbers, (id) => /^1[0-9A-Za-z]{22}$/.test(ids.token('opt-out', id))));
  });

  it('are refused when one character differs, and for another purpose', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 22 }), (id, place) => {
        const token = ids.token('link', id);
        const other = token.charAt(place) === 'a' ? 'b' : 'a';
        const changed = token.slice(0, place) + other + token.slice(place + 1);
        return ids.readToken('link', changed) === undefined && ids.readToken('opt-out', token) === undefined;
      }),
    );
  });

  it('of garbage are nothing', () => {
    for (const garbage of ['', '1', 'x'.repeat(23), `1${'z'.repeat(22)}`, '../../etc/passwd', '1'.repeat(5000)]) {
      expect(ids.readToken('link', garbage)).toBeUndefined();
    }
  });
});
