import { DECOY, hashPassword, isPassword, passwordRefusal } from '../../src/accounts/passwords.js';

const OWN = { email: 'ada.lovelace@acme.example', name: 'Ada Lovelace', brand: 'Globex Research' };
const refused = (password: string): boolean => passwordRefusal(password, OWN) !== undefined;

/** Long enough for the rule, and in the lists of every guessing tool, or a step away from them. */
const WELL_KNOWN = `
  password1234 passwordpassword Password123! P@ssw0rd1234 passw0rdpassw0rd pa55w0rd1234 password!@#$ password2024 1passwordpassword
  Password1Password1 mypassword123 secretpassword nopassword123 drowssap1234 qwertyuiop123 qwertyuiop[] qwertyuiopasdf qwerty123456
  QWERTYUIOP123 poiuytrewq123 asdfghjkl123 zxcvbnm12345 zxcvbnmasdfghjkl 1q2w3e4r5t6y 1qaz2wsx3edc zaq12wsxcde3 qazwsxedcrfv
  !QAZ2wsx#EDC 1234qwerasdf 12345678qwertyui azertyuiop123 qwertzuiop123 123456789012 1234567890123456 1234567890ab 987654321012
  0987654321qw 112233445566 123123123123 121212121212 123456654321 abcdefghijkl abcdefghijklmnop abc123abc123 abcd1234abcd
  a1b2c3d4e5f6 aaaaaaaaaaaa 111111111111 abababababab iloveyou1234 iloveyouforever iloveyousomuch letmein12345 letmeinplease
  welcome12345 Welcome2024! Welcome@12345 Summer2024!! Winter2025!! January2024! monday123456 administrator administrator1
  admin1234567 root12345678 changeme1234 changemenow! default12345 guest1234567 test12345678 testtesttest hello1234567
  helloworld123 trustno1trustno1 superman1234 batman123456 football1234 footballfootball baseball2023 liverpool123 chelsea12345
  manchesterunited starwars1234 princess1234 sunshine1234 monkey123456 dragon123456 master123456 shadow123456 michael12345
  jennifer1234 mustang12345 whatever1234 computer1234 internet1234 google123456 facebook1234 minecraft123 pokemon12345
  justinbieber counterstrike blink182blink182 metallica123 harrypotter1 ncc1701ncc1701 correcthorsebatterystaple thisisapassword
  tobeornottobe ichliebedich motdepasse123 contraseña123 Fruehling2025 passphrase123 йцукенгшщзхъ canvasscanvass canvass12345 C4nv4ss!2026`
  .trim()
  .split(/\s+/);

describe('a password', () => {
  it('of the well-known long ones is refused, every one', () => {
    expect(WELL_KNOWN.length).toBeGreaterThan(110);
    expect(WELL_KNOWN.filter((password) => password.length < 12)).toEqual([]);
    expect(WELL_KNOWN.filter((password) => !refused(password))).toEqual([]);
  });

  it('is refused in capitals, backwards, with signs around it, and twice', () => {
    for (const password of ['sunshine1234', 'football1234', 'iloveyou1234']) {
      const variants = [
        password.toUpperCase(),
        password.split('').reverse().join(''),
        `!${password}!`,
        `${password}2026`,
        password.repeat(2),
        password.replaceAll('o', '0').replaceAll('i', '1').replaceAll('e', '3'),
      ];
      expect(variants.filter((variant) => !refused(variant))).toEqual([]);
    }
  });

  it('made of the person, the address or the brand is refused', () => {
    const made = [
      'ada.lovelace!',
      'iamlovelace1815',
      'L0vel4ce1815!',
      'globexglobex1',
      'Globex2026!!',
      'globexresearch1',
    ];
    expect(made.filter((password) => !refused(password))).toEqual([]);
  });

  it.each([
    'correct horse battery',
    'seventeen green umbrellas',
    'my dog eats blue cheese',
    'der kleine blaue elefant',
    'kestrel-lamp-ferry',
    'Umbrella.Kitchen9',
    'Vq7#kd92LmPz',
    'пять зелёных зонтов',
    "j'aime les croissants chauds",
    'kaffee ohne milch bitte',
    '七つの緑の傘がある朝の庭で',
  ])('of several words or of chance is taken: %s', (password) => {
    expect(passwordRefusal(password, OWN)).toBeUndefined();
  });

  it('that is refused says what to take instead', () => {
    expect(passwordRefusal('Welcome2024!', OWN)).toContain('Take several words that do not belong together.');
  });

  it('is compared with a hash of the same cost where there is none', async () => {
    const [costs, decoyCosts] = [await hashPassword('seventeen green umbrellas'), DECOY].map((hash) =>
      hash.split('$').slice(1, 4),
    );
    expect(decoyCosts).toEqual(costs);
    expect(await isPassword(null, 'seventeen green umbrellas')).toBe(false);
  });

  it('is not right with more behind its last character', async () => {
    const longest = 'a sentence of words '.repeat(7).slice(0, 128);
    const hash = await hashPassword(longest);
    expect([await isPassword(hash, longest), await isPassword(hash, `${longest}x`)]).toEqual([true, false]);
  });
});
