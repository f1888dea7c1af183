import { readConfig } from '../../src/platform/config.js';
import { SecurityTxtController } from '../../src/platform/security_txt.controller.js';
import { SettableClock, START } from '../clock.js';

const clock = new SettableClock();
clock.set(START);
const controllerWith = (words: Record<string, string>): SecurityTxtController =>
  new SecurityTxtController(readConfig({ BASE_URL: 'https://surveys.example.com', ...words }), clock);

describe('security.txt', () => {
  it('names whom the operator chose, and ends before it is too old', () => {
    const text = controllerWith({ SECURITY_CONTACT: 'mailto:security@example.com' }).show();
    expect(text).toMatch(
      /^Contact: mailto:security@example\.com\nExpires: \S+Z\nPreferred-Languages: en\nCanonical: https:\/\/surveys/,
    );
    const ends = Date.parse(/Expires: (\S+)/.exec(text)![1]!);
    expect((ends - START.getTime()) / 86_400_000).toBe(180);
  });

  it('says so where nobody is named', () => {
    expect(() => controllerWith({}).show()).toThrow('names nobody');
  });

  it.each(['security@example.com', 'javascript:alert(1)', 'http://example.com'])(
    'is not addressed to %s',
    (contact) => {
      expect(() => controllerWith({ SECURITY_CONTACT: contact })).toThrow('SECURITY_CONTACT');
    },
  );
});
