import { basename } from 'node:path';
import { sourcesOf } from './sources.js';

const FORBIDDEN = /(^|[-_.])(manager|helper|helpers|util|utils|processor|handler|info|common|misc)([-_.]|$)/;

/** Actions that write their response themselves, by what needs it. Files get a stream, which waits for slow readers. */
const WRITERS: Record<string, string> = {
  'src/contacts/lists/contact_lists.controller.ts': 'a file',
  'src/contacts/imports/contact_imports.controller.ts': 'a file',
  'src/emails/pages/emails.controller.ts': 'a file',
  'src/emails/pages/openings.controller.ts': 'a picture',
  'src/emails/pages/pictures.controller.ts': 'a picture',
  'src/distributions/personal_links/personal_links.controller.ts': 'a file',
  'src/deliverability/returned_mails.controller.ts': 'a file',
  'src/deliverability/suppressions.controller.ts': 'a file',
  'src/live/live.controller.ts': 'events as they come',
  'src/platform/health.controller.ts': 'a status of its own for programs',
  'src/responses/exports/exports.api.ts': 'a file',
  'src/responses/exports/exports.controller.ts': 'a file',
  'src/surveys/pictures/survey_pictures.controller.ts': 'a picture',
};

describe('the sources', () => {
  const sources = sourcesOf('src', '.ts');

  it('read the time in one place only', () => {
    const readers = sources.filter(
      ({ path, text }) => path !== 'src/platform/clock.ts' && /\bnew Date\(\)|\bDate\.now\(\)/.test(text),
    );
    expect(readers.map(({ path }) => path)).toEqual([]);
  });

  it('read clocks of zones in JavaScript only: the rules that PostgreSQL has may be of another year', () => {
    const readers = sources.filter(({ text }) => / AT TIME ZONE (?!'UTC')/.test(text));
    expect(readers.map(({ path }) => path)).toEqual([]);
  });

  it('read the environment in one place only', () => {
    const readers = sources.filter(
      ({ path, text }) => path !== 'src/platform/config.ts' && text.includes('process.env'),
    );
    expect(readers.map(({ path }) => path)).toEqual([]);
  });

  it('hand files for spreadsheets out in one place, which puts the byte-order mark in front', () => {
    const makers = sources.filter(({ text }) => /(?:Content-Type['"]\s*[:,]\s*|\btype\()['"`]text\/csv/.test(text));
    expect(makers.map(({ path }) => path)).toEqual(['src/platform/web/csv_download.ts']);
  });

  it('answer with values: an action takes the response for what no value can say alone', () => {
    const actions = sources.filter(({ path }) => /\.(controller|api)\.ts$/.test(path));
    const takers = actions.filter(({ text }) => /@Res\(/.test(text)).map(({ path }) => path);
    expect(takers.toSorted()).toEqual(Object.keys(WRITERS).toSorted());
    expect(actions.filter(({ text }) => /\bflash\(|\.(redirect|render)\(/.test(text)).map(({ path }) => path)).toEqual(
      [],
    );
  });

  it('have no file whose name says nothing', () => {
    expect(sources.filter(({ path }) => FORBIDDEN.test(basename(path, '.ts'))).map(({ path }) => path)).toEqual([]);
  });

  it('have no barrels: they hide directions and make cycles', () => {
    expect(sources.filter(({ path }) => basename(path) === 'index.ts').map(({ path }) => path)).toEqual([]);
  });

  it('have a README in every module', () => {
    const modules = new Set(sources.map(({ path }) => path.split('/')[1]!).filter((name) => !name.endsWith('.ts')));
    const documented = new Set(sourcesOf('src', 'README.md').map(({ path }) => path.split('/')[1]));
    expect([...modules].filter((name) => !documented.has(name))).toEqual([]);
  });
});
