import { SURVEY_FILES } from './survey_inputs.js';
import { WatchedApp } from './watched_app.js';

/** What others wait at most, in time of the processor: 100 ms where it is idle; shared caches make the same work twice as long. */
const MOST_MS = 200;

describe('While a survey file is read', () => {
  let watched: WatchedApp;
  beforeAll(async () => {
    watched = await WatchedApp.start();
  });
  afterAll(() => watched.stop());

  it.each(SURVEY_FILES)('everybody else is answered: %s', async (_name, make, status) => {
    const content = Buffer.from(make());
    let answered = 0;
    const { longestMs } = await watched.during(async () => {
      answered = (await watched.agent.post('/surveys/new').attach('file', content, 'survey.qsf')).status;
    });
    expect(answered).toBe(status);
    expect(longestMs).toBeLessThan(MOST_MS);
  });

  it('programs read the same refusals, and others are answered meanwhile', async () => {
    const content = Buffer.from(`[${'{},'.repeat(4_000_000)}{}]`);
    let answered = { status: 0, text: '' };
    const { longestMs } = await watched.during(async () => {
      answered = await watched.api('post', '/surveys').attach('file', content, 'survey.qsf');
    });
    expect(answered.status).toBe(400);
    expect(answered.text).toContain('takes more memory to work through than it may (192 MB). Make it smaller.');
    expect(longestMs).toBeLessThan(MOST_MS);
  });
});
