import fc from 'fast-check';
import iconv from 'iconv-lite';
import * as encodings from '../../src/encodings/found_encoding.js';
import { filesOf, PEOPLE, type People } from './people.js';

/** The same files each time: among millions of three rows some are in truth as likely in another encoding. */
const SEED = 1;

describe('the encoding of a text', () => {
  const textOf = async (bytes: Uint8Array): Promise<string> => (await encodings.textOf(bytes)).text;
  const written = PEOPLE.flatMap((people) => people.encodings.map((encoding) => ({ people, encoding })));
  const german = PEOPLE[0]!;

  it.each(written)('is found out by three rows in $encoding ($people.language)', async ({ people, encoding }) => {
    await fc.assert(
      fc.asyncProperty(filesOf(people, 3), async (text) => {
        expect(await textOf(iconv.encode(text, encoding))).toBe(text);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it.each(written)('is found out by many rows in $encoding ($people.language)', async ({ people, encoding }) => {
    await fc.assert(
      fc.asyncProperty(filesOf(people, 300), async (text) => {
        expect(await textOf(iconv.encode(text, encoding))).toBe(text);
      }),
      { numRuns: 10 },
    );
  });

  it.each(PEOPLE)('is UTF-8 with one stray byte anywhere in three rows ($language)', async (people: People) => {
    await fc.assert(
      fc.asyncProperty(
        filesOf(people, 3).filter((text) => (text.match(/[^\p{ASCII}]/gu) ?? []).length > 3),
        fc.nat(),
        fc.integer({ min: 0x80, max: 0xff }),
        async (text, place, byte) => {
          const bytes = Buffer.from(text);
          const at = place % bytes.length;
          const read = await textOf(Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at)]));
          const [before, after] = [text.split('\r\n'), read.split('\r\n')];
          expect(after.filter((line) => !before.includes(line))).toEqual([expect.stringContaining('\u{fffd}')]);
        },
      ),
      { seed: SEED, numRuns: 100 },
    );
  });

  it('is an old one where a byte beyond ASCII stands alone', async () => {
    expect(await textOf(iconv.encode('Name\r\nRené\r\n', 'windows-1252'))).toBe('Name\r\nRené\r\n');
  });

  it('is UTF-8 or UTF-16 by its mark, and no mark is read', async () => {
    for (const encoding of ['utf-8', 'utf-16le', 'utf-16be']) {
      expect(await textOf(iconv.encode('Name\nЖанна\n', encoding, { addBOM: true }))).toBe('Name\nЖанна\n');
    }
    for (const encoding of ['utf-16le', 'utf-16be']) {
      const text = 'Email,Name\nyamada@example.com,山田\n';
      expect(await textOf(iconv.encode(text, encoding, { addBOM: false }))).toBe(text);
    }
  });

  it('is found out where kana are written at half width', async () => {
    const text = '氏名,フリガナ,市\r\n山田太郎,ﾔﾏﾀﾞ ﾀﾛｳ,横浜市\r\n鈴木花子,ｽｽﾞｷ ﾊﾅｺ,堺市\r\n高橋健,ﾀｶﾊｼ ｹﾝ,大津市\r\n';
    expect(await textOf(iconv.encode(text, 'shift_jis'))).toBe(text);
  });

  it('is found out by whatever comes late in a long text, also in one line', async () => {
    const [some] = fc.sample(filesOf(german, 20), { seed: SEED, numRuns: 1 });
    for (const filling of ['person@example.com,Ann,Lee\r\n', 'person@example.com ', '\r']) {
      const text = `${filling.repeat(100_000)}${some!}`;
      expect((await textOf(iconv.encode(text, 'windows-1252'))) === text).toBe(true);
      const mixed = Buffer.concat([Buffer.from(text), Buffer.of(0xe9), Buffer.from('\r\n')]);
      expect((await textOf(mixed)) === `${text}\u{fffd}\r\n`).toBe(true);
    }
  });
});
