import { smallFile } from '../qsf/files.js';
import { HEAVY_MAILS, REFUSED_MAILS, writtenMail } from './mail_inputs.js';
import { WatchedApp } from './watched_app.js';

/** What others wait at most, in time of the processor: 100 ms where it is idle; shared caches make the same work twice as long. */
const MOST_MS = 200;

describe('While a hostile mail is written', () => {
  let watched: WatchedApp;
  let surveyId: string;
  beforeAll(async () => {
    watched = await WatchedApp.start();
    const file = smallFile({ questions: { QID1: { QuestionType: 'DB', Selector: 'TB', QuestionText: 'Hello' } } });
    const made = await watched.api('post', '/surveys').attach('file', Buffer.from(file), 'survey.qsf');
    surveyId = /SV_\w+/.exec(made.text)?.[0] ?? made.text;
    // The first use of a page makes its template; that is no work of the mails.
    for (const door of ['', '/preview', '/checks']) {
      await watched.agent.post(emails(door)).type('form').send(writtenMail(''));
    }
  });
  afterAll(() => watched.stop());

  const emails = (below = ''): string => `/surveys/${surveyId}/distributions/emails${below}`;
  const post = async (path: string, fields: Record<string, string>): Promise<{ status: number; text: string }> => {
    let answer = { status: 0, text: '' };
    const { longestMs } = await watched.during(async () => {
      answer = await watched.agent.post(path).type('form').send(fields);
    });
    expect(longestMs).toBeLessThan(MOST_MS);
    return answer;
  };

  it.each(REFUSED_MAILS)(
    'it is refused at each door in words, and everybody is answered: %s',
    async (_name, body, words) => {
      const kept = await post(emails(), writtenMail(body));
      expect([kept.status, kept.text.includes(words)]).toEqual([422, true]);
      const previewed = await post(emails('/preview'), writtenMail(body));
      expect(previewed.text).toContain(words);
      const checked = await post(emails('/checks'), writtenMail(body));
      expect([checked.status, checked.text.includes(words)]).toEqual([200, true]);
      const inLibrary = { category: 'invite', name: 'x', language: 'en', subject_en: 'x', body_en: body };
      const library = await post('/library/messages', inLibrary);
      expect([library.status, library.text.includes(words)]).toEqual([422, true]);
    },
  );

  it.each(HEAVY_MAILS)('it is shown or refused in words, and everybody is answered: %s', async (_name, body) => {
    expect((await post(emails('/preview'), writtenMail(body))).status).toBe(200);
    expect((await post(emails('/checks'), writtenMail(body))).status).toBe(200);
  });

  it('programs read the same refusals', async () => {
    const draft = { category: 'invite', description: 'x', messages: { en: '<div>'.repeat(2000) } };
    const user = /UR_\w+/.exec((await watched.api('get', '/whoami')).text)?.[0] ?? '';
    const { status, text } = await watched.api('post', `/libraries/${user}/messages`).send(draft);
    expect([status, text.includes('256 deep inside each other')]).toEqual([400, true]);
  });
});
