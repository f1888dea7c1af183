import { smallFile } from '../qsf/files.js';
import {
  CONTACT_FILES,
  JSON_BODIES,
  PASTED_PEOPLE,
  PICTURES,
  SUPPRESSION_FILES,
  SURVEY_BODIES,
} from './author_inputs.js';
import { WatchedApp } from './watched_app.js';

/** What others wait at most, in time of the processor: 100 ms where it is idle; shared caches make the same work twice as long. */
const MOST_MS = 200;

interface Answer {
  status: number;
  headers: Record<string, string>;
}

describe('Everybody else is answered while there comes', () => {
  let watched: WatchedApp;
  let surveyId: string;
  let listId: string;
  beforeAll(async () => {
    watched = await WatchedApp.start();
    const file = smallFile({ questions: { QID1: { QuestionType: 'DB', Selector: 'TB', QuestionText: 'Hello' } } });
    const made = await watched.api('post', '/surveys').attach('file', Buffer.from(file), 'survey.qsf');
    surveyId = /SV_\w+/.exec(made.text)?.[0] ?? made.text;
    const list = await watched.agent.post('/contacts/lists').type('form').send({ name: 'People' });
    listId = /CG_\w+/.exec(list.headers['location'] ?? '')?.[0] ?? list.text;
    // The first use of a page makes its template; that is no work of the files.
    await upload('/brand/email/suppressions/imports', Buffer.from('ada@acme.example'));
    const small = await upload(`/contacts/lists/${listId}/imports`, Buffer.from('Email\nada@acme.example'));
    await watched.agent.get(small.headers['location'] ?? '').expect(200);
  });
  afterAll(() => watched.stop());

  const upload = (path: string, content: Buffer): PromiseLike<Answer> =>
    watched.agent.post(path).attach('file', content, 'file.csv');
  const json = (path: string, body: string): PromiseLike<Answer> =>
    watched.api('post', path).type('application/json').send(body);
  const during = async (send: () => PromiseLike<Answer>): Promise<Answer> => {
    let answer: Answer = { status: 0, headers: {} };
    const { longestMs } = await watched.during(async () => {
      answer = await send();
    });
    expect([answer.status, longestMs < MOST_MS ? 'soon' : longestMs]).toEqual([answer.status, 'soon']);
    return answer;
  };

  it.each(JSON_BODIES)('the body of a call: %s', async (_name, make, status) => {
    const body = make();
    expect((await during(() => json('/mailinglists', body))).status).toBe(status);
  });

  it.each(SURVEY_BODIES)('a survey as the body of a call: %s', async (_name, make, status) => {
    const body = make();
    expect((await during(() => json('/surveys', body))).status).toBe(status);
  });

  it.each(SUPPRESSION_FILES)('a file of addresses to suppress: %s', async (_name, make, status) => {
    const content = make();
    const answer = await during(() => upload('/brand/email/suppressions/imports', content));
    expect(answer.status).toBe(status);
  });

  it.each(PASTED_PEOPLE)('people who are pasted: %s', async (_name, make, status) => {
    const people = make();
    const answer = await during(() => watched.agent.post('/contacts/paste').type('form').send({ people }));
    expect(answer.status).toBe(status);
  });

  it.each(CONTACT_FILES)('a file of contacts: %s', async (_name, make, status) => {
    const content = make();
    const answer = await during(() => upload(`/contacts/lists/${listId}/imports`, content));
    expect(answer.status).toBe(status);
    if (status === 303) {
      const path = answer.headers['location'] ?? '';
      expect((await during(() => watched.agent.get(path))).status).toBe(200);
    }
  });

  it.each(PICTURES)('a picture: %s', async (_name, make, status) => {
    const content = make();
    const answer = await during(() => upload(`/surveys/${surveyId}/distributions/emails/pictures`, content));
    expect(answer.status).toBe(status);
  });
});
