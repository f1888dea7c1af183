import { sourcesOf } from './sources.js';

/** What only mails have, which other channels must not be asked for. */
const WORDS = /smtp|dkim|subject/i;

const ROOMS = ['src/emails/', 'src/mailer/', 'src/inbound/', 'src/deliverability/'];

/** Who else says one of these words, and why. The list may only get shorter. */
const LEFT: Record<string, string> = {
  'src/distributions/distributions.forms.ts': 'fields of mails in calls of the API, whose names are promised',
  'src/distributions/distributions.answers.ts': 'fields of mails in answers of the API, whose names are promised',
  'src/demo/': 'composes a mail',
  'src/library/': 'its messages are words of mails as well',
  'src/notices/': 'mails of the system itself, which are no distribution',
  'src/people/sign_in_mails.ts': 'mails of the system itself, which are no distribution',
  'src/responses/proofs/': 'mails of the system itself, which are no distribution',
  'src/readiness/': 'asks whether mails leave this installation at all',
  'src/platform/config.ts': 'settings are called after what they set',
  'src/platform/written_address.ts': 'reads links that people paste, with all that stands in them',
  'src/platform/auth/audit_trail.ts': 'what an entry of the audit log is about',
  'src/brands/audit': 'what an entry of the audit log is about',
  'src/platform/web/live.ts': 'a class of rxjs',
  'src/surveys/outline/logic_words.ts': 'of a sentence',
};

describe('the words of mails', () => {
  const saying = sourcesOf('src', '.ts')
    .filter(({ path, text }) => WORDS.test(text) && !ROOMS.some((room) => path.startsWith(room)))
    .map(({ path }) => path);

  it('are said where mails are made, carried and judged, and nowhere else', () => {
    expect(saying.filter((path) => !Object.keys(LEFT).some((left) => path.startsWith(left)))).toEqual([]);
  });

  it('are excused elsewhere only while they are said there', () => {
    expect(Object.keys(LEFT).filter((left) => !saying.some((path) => path.startsWith(left)))).toEqual([]);
  });
});
