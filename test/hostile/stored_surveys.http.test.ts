import pg from 'pg';
import { exampleDefinition } from '../../src/engine/definition.js';
import type { SurveyDefinition } from '../../src/engine/definition.js';
import { smallFile } from '../qsf/files.js';
import { until } from '../waiting.js';
import supertest from 'supertest';
import { WatchedApp } from './watched_app.js';

const listed = (count: number, text = 'x') =>
  Array.from({ length: count }, (_, index) => ({ id: String(index + 1), text, value: String(index + 1) }));
const asked = (id: string) => ({ id, exportTag: id, text: 'How much?', required: 'none' }) as const;
const matrix = (rows: number, columns: number, text = 'x'): SurveyDefinition =>
  exampleDefinition({
    questions: {
      QID1: {
        ...asked('QID1'),
        type: 'matrix',
        subtype: 'single',
        choices: listed(rows, text),
        columns: listed(columns, text),
      },
    },
  });
function typedMatrix(rows: number, columns: number): SurveyDefinition {
  const { QID1 } = matrix(rows, columns).questions;
  return exampleDefinition({ questions: { QID1: { ...QID1, subtype: 'text' } as never } });
}
function many(count: number, choices: number, text = 'x', fields = {}): SurveyDefinition {
  const ids = Array.from({ length: count }, (_, index) => `QID${index + 1}`);
  return exampleDefinition({
    questions: Object.fromEntries(
      ids.map((id) => [
        id,
        { ...asked(id), ...fields, text, type: 'choice', subtype: 'single', choices: listed(choices) },
      ]),
    ),
    blocks: {
      BL1: { id: 'BL1', name: 'All', items: ids.map((question) => ({ kind: 'question' as const, question })) },
    },
  });
}
const TEST = {
  kind: 'test',
  operand: { kind: 'choice', question: 'QID1', choice: '199999' },
  operator: 'selected',
} as const;
const DEFINITIONS: [string, SurveyDefinition][] = [
  ['nine million cells', matrix(3000, 3000)],
  ['nine million cells to type in', typedMatrix(3000, 3000)],
  ['long words around each cell', matrix(90, 90, 'word '.repeat(10_000))],
  ['twenty thousand questions', many(20_000, 1)],
  ['long texts', many(10, 2, 'word '.repeat(400_000))],
  [
    'endless conditions',
    many(50, 5000, 'x', { displayLogic: { kind: 'all', of: Array.from({ length: 2000 }, () => TEST) } }),
  ],
];
const PAGES = [
  '',
  '?from=300',
  '/report',
  '/options',
  '/publish',
  '/questions/QID1/edit',
  '/distributions/emails/new',
  '/responses',
];
/** No page of ours, and far from what a process has; what programs ask for is as long as the definition. */
const MOST_BYTES = 1_000_000;
/** More than new surveys may take: these are from before there were bounds. */
const MOST_MS = 500;
const MOST_MB = 1000;

describe('A survey that was stored before there were bounds', () => {
  let watched: WatchedApp;
  let sql: pg.Client;
  beforeAll(async () => {
    watched = await WatchedApp.start();
    sql = new pg.Client({ connectionString: watched.database.superuserUrl });
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await watched.stop();
  });

  async function stored(definition: SurveyDefinition): Promise<string> {
    const made = await watched.api('post', '/surveys').attach('file', Buffer.from(smallFile({})), 'survey.qsf');
    const shown = (made.body as { result: { id: string } }).result.id;
    await watched.agent.post(`/surveys/${shown}/activate`).type('form').send({}).expect(303);
    const json = JSON.stringify(definition);
    await sql.query('UPDATE surveys SET draft = $1 WHERE id = (SELECT max(id) FROM surveys)', [json]);
    await sql.query('UPDATE survey_versions SET definition = $1 WHERE survey_id = (SELECT max(id) FROM surveys)', [
      json,
    ]);
    return shown;
  }

  it.each(DEFINITIONS)(
    'has pages, definitions and exports, and keeps nobody waiting: %s',
    async (_name, definition) => {
      const shown = await stored(definition);
      for (const page of PAGES) {
        let answered = { status: 0, text: '' };
        const { longestMs } = await watched.during(async () => {
          answered = await watched.agent.get(`/surveys/${shown}${page}`);
        });
        expect({ page, isDrawn: answered.status < 500, bytes: Math.min(answered.text.length, MOST_BYTES) }).toEqual({
          page,
          isDrawn: true,
          bytes: answered.text.length,
        });
        expect(longestMs).toBeLessThan(MOST_MS);
      }
      const seen = await watched.during(async () => {
        await watched.api('get', `/surveys/${shown}`).expect(200);
        await watched.api('get', `/survey-definitions/${shown}`).expect(200);
        const begun = await watched
          .api('post', `/surveys/${shown}/export-responses`)
          .send({ format: 'csv' })
          .expect(200);
        const { progressId } = (begun.body as { result: { progressId: string } }).result;
        await until(async () => {
          const { body } = await watched.api('get', `/surveys/${shown}/export-responses/${progressId}`).expect(200);
          return (body as { result: { status: string } }).result.status === 'complete';
        });
      });
      expect(seen.longestMs).toBeLessThan(2 * MOST_MS);
      expect(seen.mostRssMb).toBeLessThan(MOST_MB);
    },
  );

  it('takes what is posted to a table of nine million cells, and keeps nobody waiting', async () => {
    const shown = await stored(typedMatrix(3000, 3000));
    const person = supertest.agent(watched.app.url);
    const cells = Array.from({ length: 4000 }, (_, place) => `QID1_${(place % 40) + 1}_${Math.floor(place / 40) + 1}`);
    const { longestMs } = await watched.during(async () => {
      const opened = await person.get(`/jfe/form/${shown}`).expect(302);
      const path = new URL(opened.headers['location']!, watched.app.url).pathname;
      const fields = { ...Object.fromEntries(cells.map((cell) => [cell, 'typed'])), page: 'f.0.0', go: 'next' };
      await person.post(path).type('form').send(fields).expect(303);
    });
    expect(longestMs).toBeLessThan(MOST_MS);
    const { rows } = await sql.query<{ kept: number }>(
      `SELECT (length(r::text) - length(replace(r::text, 'typed', ''))) / 5 AS kept
       FROM responses r ORDER BY id DESC LIMIT 1`,
    );
    expect(rows[0]?.kept).toBe(cells.length);
  });
});
