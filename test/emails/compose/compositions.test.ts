import fc from 'fast-check';
import { linkDaysOf } from '../../../src/links/link_ends.js';
import { instantOf, localOf, testAddresses, writeMail } from '../../../src/emails/compose/compositions.forms.js';
import { headerFaults } from '../../../src/emails/compose/written_faults.js';
import { addedLanguage, droppedLanguage } from '../../../src/emails/compose/written_versions.js';
import { optOutLanguage, OPT_OUT_LANGUAGES, optOutWords } from '../../../src/emails/opt_outs/opt_out_words.js';

describe('the form of a mail', () => {
  it('holds no half letters where a text is cut', () => {
    const { versions } = writeMail.parse({ preheader_de: `${'x'.repeat(249)}\u{1F600}` });
    expect(versions['de']!.preheader.isWellFormed()).toBe(true);
  });

  it('reads a time as its author means it, and shows the same time again', () => {
    const minutes = fc.integer({ min: 0, max: 60 * 24 * 365 * 30 });
    fc.assert(
      fc.property(minutes, fc.constantFrom('UTC', 'Europe/Vienna', 'America/New_York', 'Asia/Kathmandu'), (n, zone) => {
        const at = new Date(Date.UTC(2026, 0, 1) + n * 60_000);
        const again = instantOf(localOf(at, zone), zone);
        // One hour a year happens twice; either of the two is meant.
        expect(Math.abs(again!.getTime() - at.getTime()) % 3_600_000).toBe(0);
        expect(localOf(again!, zone)).toBe(localOf(at, zone));
      }),
    );
  });

  it('knows that spring takes an hour away', () => {
    expect(instantOf('2027-03-28T02:30', 'Europe/Vienna')).toBeUndefined();
    expect(instantOf('2027-03-28T03:30', 'Europe/Vienna')?.toISOString()).toBe('2027-03-28T01:30:00.000Z');
    expect(instantOf('tomorrow', 'UTC')).toBeUndefined();
  });

  it('takes anything that was typed, and finds every line end in what becomes a header', () => {
    fc.assert(
      fc.property(
        fc.record({ subject: fc.string({ unit: 'binary' }), fromName: fc.anything(), body: fc.anything() }),
        (typed) => {
          const written = writeMail.parse(typed);
          const hasControls = (text: string): boolean => /[\p{Cc}]/u.test(text.replaceAll('\t', ''));
          const faults = headerFaults(written);
          expect('subject' in faults || !hasControls(written.subject)).toBe(true);
          expect('fromName' in faults || !hasControls(written.fromName)).toBe(true);
          expect(written.body).not.toContain('\0');
        },
      ),
    );
  });

  it('gathers languages by the ends of names, and a From address out of its parts', () => {
    const typed = {
      subject_de: 'Eins',
      'body_pt-br': 'Um',
      subject_nowhere: 'x',
      fromLocal: ' ada ',
      fromDomain: 'acme.example',
    };
    const { versions, fromEmail } = writeMail.parse(typed);
    expect(versions).toEqual({
      de: { subject: 'Eins', preheader: '', body: '', text: '' },
      'pt-BR': { subject: '', preheader: '', body: 'Um', text: '' },
    });
    expect(fromEmail).toBe('ada@acme.example');
  });

  it('adds a language as a copy of the default words, and leaves it out again', () => {
    const written = writeMail.parse({ subject: 'One', body: 'Text', language: 'en' });
    const added = addedLanguage(written, 'DE');
    expect(added.versions).toEqual({ de: { subject: 'One', preheader: '', body: 'Text', text: '' } });
    expect(addedLanguage(added, 'en')).toBe(added);
    expect(addedLanguage(added, 'nothing like it')).toBe(added);
    expect(droppedLanguage(added, 'de').versions).toEqual({});
  });

  it('counts days and addresses', () => {
    expect(['1', '60', '3650'].map(linkDaysOf)).toEqual([1, 60, 3650]);
    expect(['', '0', '-1', '1.5', '3651', '1e3'].map(linkDaysOf)).toEqual(Array(6).fill(undefined));
    expect(testAddresses('a@b.example, c@d.example\r\na@b.example;')).toEqual(['a@b.example', 'c@d.example']);
  });
});

describe('the words of opt-out pages', () => {
  it('are there in every language, each with its places', () => {
    const english = optOutWords('en');
    for (const language of OPT_OUT_LANGUAGES) {
      const say = optOutWords(language);
      for (const key of ['title', 'choose', 'chooseText', 'test', 'testText', 'unknown', 'unknownText']) {
        expect(say(key)).not.toBe(key);
      }
      expect(say('stopBrand', { brand: 'Acme' })).toContain('Acme');
      expect(say('stopList', { list: 'Customers' })).toContain('Customers');
      expect(language === 'en' || say('choose') !== english('choose')).toBe(true);
    }
  });

  it('follow the first wish that is spoken', () => {
    expect(optOutLanguage(['', 'xx', 'pt-BR', 'de'])).toBe('pt');
    expect(optOutLanguage([])).toBe('en');
  });
});
