import { type Source, sourcesOf } from './sources.js';

/** Statements over responses and walks, and what the ledger knows of answers. */
const ROWS = /\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:responses|sessions)\b/;
const LEDGER = /\bm\.(?:response_id|started_at|partial_at|finished_at)\b[^,\n]*\bAS "/;
/** What turns a number into the id that people see; of responses and walks nobody may but where it was decided. */
const SHOWN = /\bshow(?:All)?\(\s*'(?:R|FS)'/;

/** Statements whose rows leave, and who reads them: that one asks what may leave. */
const READ_BY: Record<string, string> = {
  'src/responses/exports/response_stream.ts': 'src/responses/exports/export_writing.ts',
  'src/ledger/recipients/recipients.sql.ts': 'src/ledger/recipients/recipients.service.ts',
  'src/ledger/recipients/contact_mails.sql.ts': 'src/ledger/recipients/contact_mails.service.ts',
  'src/distributions/personal_links/links_file.sql.ts': 'src/distributions/personal_links/links_file.ts',
};

/** Statements of which nothing but counts, dates of channels, or a yes or no comes out; and the respondent's own. */
const TELLS_NOTHING: Record<string, string> = {
  'src/responses/sessions/sessions.sql.ts': 'the walk of whoever has its address',
  'src/responses/exports/response_rows.ts': 'how many there are, and of which versions',
  'src/responses/sessions/tickets.ts': 'a sealed reference in the own address of whoever walks',
  'src/contacts/segments/segment_conditions.ts': 'whether a contact came to any end in so many whole days',
  'src/responses/anonymous/anonymous_recording.sql.ts': 'answers become responses, and walks are forgotten',
  'src/ledger/finished.sql.ts': 'how somebody ended, as a reason to get a mail or none',
  'src/distributions/personal_links/link_changes.sql.ts': 'an open walk goes on by its new link',
  'src/summaries/figures.sql.ts': 'when a channel got its last response',
  'src/summaries/folding.sql.ts': 'counts by hour',
  'src/surveys/stages/unfinished_walks.ts': 'a count of open walks',
};

/** Pages and files that show ids of rows which came through the services above. */
const SHOWS_WHAT_IT_GOT = ['src/responses/pages/response_pages.ts', 'src/responses/exports/export_tables.ts'];

describe('readers of responses and of people who answered', () => {
  const sources = sourcesOf('src', '.ts');
  const asks = ({ text }: Pick<Source, 'text'>): boolean => /\bDisclosuresService\b/.test(text);
  const named = (path: string): Source => sources.find((source) => source.path === path)!;

  it('ask the one place that decides what may leave', () => {
    const readers = sources.filter(({ text }) => ROWS.test(text) || LEDGER.test(text) || SHOWN.test(text));
    const silent = readers.filter(
      (source) =>
        !asks(source) &&
        TELLS_NOTHING[source.path] === undefined &&
        !SHOWS_WHAT_IT_GOT.includes(source.path) &&
        !asks(named(READ_BY[source.path] ?? source.path)),
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('reach those statements through their one reader only', () => {
    for (const [statements, reader] of Object.entries(READ_BY)) {
      const file = statements.split('/').at(-1)!.replace('.ts', '.js');
      const importers = sources.filter(({ text }) =>
        new RegExp(
          String.raw`import \{[^}]*\b(?:recipientsPage|contactMails|linkRows|copyOfResponses)\b[^}]*\} from '[^']*${file}'`,
        ).test(text),
      );
      expect([statements, importers.map(({ path }) => path)]).toEqual([statements, [reader]]);
    }
  });

  it('are all still there', () => {
    const paths = new Set(sources.map(({ path }) => path));
    const listed = [...Object.keys(READ_BY), ...Object.keys(TELLS_NOTHING), ...SHOWS_WHAT_IT_GOT];
    expect(listed.filter((path) => !paths.has(path))).toEqual([]);
  });

  it('never decide for themselves who may see who answered', () => {
    const deciders = sources.filter(
      ({ path, text }) =>
        path !== 'src/responses/disclosures.service.ts' && /may\w*\([^)]*'responses:view-personal-data'/.test(text),
    );
    expect(deciders.map(({ path }) => path)).toEqual([]);
  });
});
