import { readContact, readField } from '../../src/contacts/contact_fields.js';
import { countryOf, phoneNumber } from '../../src/contacts/phone_number.js';
import { wireAddress } from '../../src/platform/email_address.js';

describe('an e-mail address', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['Ada.Lovelace+survey@Example.COM', 'Ada.Lovelace+survey@example.com'],
    [`o'brien@example.co.uk`, `o'brien@example.co.uk`],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@XN--BCHER-KVA.example', 'ada@xn--bcher-kva.example'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('%s goes on the wire as %s', (text, wire) => {
    expect(wireAddress(text)).toBe(wire);
  });

  it.each([
    '',
    'ada',
    '@example.com',
    'ada@',
    'a@b@c.example',
    'ada@exa mple.com',
    'ada@-example.com',
    'ada@example..com',
    'ada@.com',
    '.ada@example.com',
    'ada.@example.com',
    'a..b@example.com',
    '"ada"@example.com',
    'ada@[127.0.0.1]',
    'ada@123',
    'ada@1.2.3.4',
    'ada@0x7f.1',
    'ada@example.com\r\nBcc: x@y.z',
    'ada\0@example.com',
    'ada@example.com\0',
    'ada\u{202e}@example.com',
    'ada\u{a0}@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    `a@${'abc.'.repeat(63)}de`,
    `${'a'.repeat(60)}@${'abc.'.repeat(50)}com`,
  ])('%j is none', (text) => {
    expect(wireAddress(text)).toBeUndefined();
  });
});

describe('a phone number', () => {
  it.each([
    ['+44 20 7946 0018', undefined, '+442079460018'],
    ['0044 (20) 7946-0018', undefined, '+442079460018'],
    ['0171 1234567', 'DE', '+491711234567'],
    ['+1 202-555-0143', 'DE', '+12025550143'],
  ] as const)('%s is kept as E.164', (text, country, kept) => {
    expect(phoneNumber(text, country)).toBe(kept);
  });

  it.each([
    ['0171 1234567', undefined],
    ['12', 'DE'],
    ['call me', 'DE'],
    ['+999 123', undefined],
  ] as const)('%s is none', (text, country) => {
    expect(phoneNumber(text, country)).toBeUndefined();
  });

  it('without a country code is of the country that the brand’s time zone lies in', () => {
    expect([countryOf('Europe/Berlin'), countryOf('America/Chicago'), countryOf('UTC')]).toEqual([
      'DE',
      'US',
      undefined,
    ]);
  });
});

describe('a contact', () => {
  it('is read with one message per field', () => {
    const given = { email: 'x', phone: '1', language: 'German', embedded: { ok: 'fine' } };
    expect(() => readContact(given)).toThrow(
      expect.objectContaining({
        fields: {
          email: expect.any(String) as string,
          phone: expect.any(String) as string,
          language: expect.any(String) as string,
        },
      }) as Error,
    );
  });

  it('keeps null as not given and blank as taken away', () => {
    expect(readContact({ firstName: null, lastName: '', embedded: { gone: null, n: 5 } })).toEqual({
      fields: { lastName: '' },
      embedded: { gone: null, n: '5' },
    });
  });

  it('has no names with line breaks or control characters', () => {
    expect(readField('firstName', 'Ada\nLovelace')).toMatchObject({ reason: 'contains a line break' });
    expect(readField('lastName', 'Love\u0000lace')).toMatchObject({ reason: 'contains a control character' });
    expect(readField('lastName', ' O’Neill <b>🙂 ')).toBe('O’Neill <b>🙂');
  });
});
