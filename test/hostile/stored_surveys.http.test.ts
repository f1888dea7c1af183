import pg from 'pg';
import { exampleDefinition } from '../../src/surveys/engine/definition.js';
import type { SurveyDefinition } from '../../src/surveys/engine/definition.js';
import { smallFile } from '../surveys/qsf/files.js';
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
const test = {
  kind: 'test',
  operand: { kind: 'choice', question: 'QID1', choice: '199999' },
  operator: 'selected',
} as const;
const DEFINITIONS: [string, SurveyDefinition][] = [
  ['small', exampleDefinition({})],
  ['9M cells', matrix(3000, 3000)],
  [
    'text matrix',
    {
      ...matrix(1, 1),
      questions: {
        QID1: {
          ...asked('QID1'),
          type: 'matrix',
          subtype: 'text',
          choices: listed(3000),
          columns: listed(3000),
        } as never,
      },
    },
  ],
  ['long words', matrix(90, 90, 'word '.repeat(10_000))],
  ['200k choices', many(1, 200_000)],
  ['legal', many(950, 50)],
  ['20k questions', many(20_000, 1)],
  ['long texts', many(10, 2, 'word '.repeat(400_000))],
  ['logic', many(50, 5000, 'x', { displayLogic: { kind: 'all', of: Array.from({ length: 2000 }, () => test) } })],
];

describe('x', () => {
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
  it.each(DEFINITIONS)('%s', async (_name, definition) => {
    const made = await watched.api('post', '/surveys').attach('file', Buffer.from(smallFile({})), 'survey.qsf');
    const shown = (made.body as { result: { id: string } }).result.id;
    await watched.agent.post(`/surveys/${shown}/publish`).type('form').send({ activate: 'on' });
    const state = await watched.agent.post(`/surveys/${shown}/activate`).type('form').send({});
    const json = JSON.stringify(definition);
    await sql.query('UPDATE surveys SET draft = $1 WHERE id = (SELECT max(id) FROM surveys)', [json]);
    await sql.query('UPDATE survey_versions SET definition = $1 WHERE survey_id = (SELECT max(id) FROM surveys)', [
      json,
    ]);
    const lines = [`${_name} ${json.length} ${state.status}`];
    for (const path of [
      '',
      '/report',
      '/options',
      '/publish',
      '/availability',
      '/about',
      '/questions/QID1/edit',
      '/questions/QID1',
      '/summary',
      '/summary/figures',
      '/responses',
      '/distributions',
      '/distributions/emails',
      '/distributions/emails/new',
      '/distributions/links',
      '/distributions/personal-links/new',
      '/sharing',
      '/pause',
    ]) {
      let r = { status: 0, text: '' };
      const t = performance.now();
      const seen = await watched.during(async () => {
        r = await watched.agent.get(`/surveys/${shown}${path}`);
      });
      lines.push(
        `${path} ${r.status} ${r.text.length} ${Math.round(seen.longestMs)}ms wall ${Math.round(performance.now() - t)} rss ${Math.round(seen.mostRssMb)}`,
      );
    }
    for (const path of [`/surveys/${shown}`, `/survey-definitions/${shown}`, `/survey-definitions/${shown}/metadata`]) {
      let r = { status: 0, text: '' };
      const seen = await watched.during(async () => {
        r = await watched.api('get', path);
      });
      lines.push(
        `API ${path.slice(0, 20)} ${r.status} ${r.text.length} ${Math.round(seen.longestMs)}ms rss ${Math.round(seen.mostRssMb)}`,
      );
    }
    {
      let r = { status: 0, text: '' };
      const seen = await watched.during(async () => {
        r = await watched.api('post', `/surveys/${shown}/export-responses`).send({ format: 'csv' });
        await new Promise((y) => setTimeout(y, 3000));
      });
      lines.push(
        `export ${r.status} ${r.text.slice(0, 300)} ${Math.round(seen.longestMs)}ms rss ${Math.round(seen.mostRssMb)}`,
      );
    }
    const { text } = await watched.agent.get(`/surveys/${shown}/distributions/links`);
    const link = /\/(?:jfe|form|s|take)\/[\w/-]+/.exec(text)?.[0];
    lines.push(String(link));
    console.log(lines.join('\n'));
  });
});
