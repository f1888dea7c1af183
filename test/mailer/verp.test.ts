import { assert, bigInt, property } from 'fast-check';
import { messageOfVerp, verpLocalPart } from '../../src/mailer/verp.js';

const key = Buffer.alloc(32, 7);

describe('the envelope sender', () => {
  it('names its message and nothing else, whatever its number', () => {
    assert(
      property(bigInt({ min: 1n, max: 2n ** 63n - 1n }), (id) => {
        const local = verpLocalPart(String(id), key);
        expect(local).toMatch(/^b-[a-z2-7]{29}$/);
        expect(messageOfVerp(local, key)).toBe(String(id));
        expect(messageOfVerp(local.toUpperCase(), key)).toBe(String(id));
      }),
    );
  });

  it('is not accepted when forged, altered or made with another key', () => {
    const local = verpLocalPart('42', key);
    const other = verpLocalPart('43', key);
    expect(messageOfVerp(other.slice(0, 15) + local.slice(15), key)).toBeUndefined();
    expect(messageOfVerp(local, Buffer.alloc(32, 8))).toBeUndefined();
    expect(messageOfVerp(`${local}a`, key)).toBeUndefined();
    expect(messageOfVerp('b-', key)).toBeUndefined();
  });
});
