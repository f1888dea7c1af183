import { sourcesOf } from './sources.js';

/** The SET clauses of statements that write a table, without what stands in brackets; `${…}` stands for what code puts in. */
function setClauses(text: string, table: string): string[] {
  const updates = [...text.matchAll(new RegExp(`(?:UPDATE|INSERT INTO) ${table}\\b[^\`]*?\\bSET\\b`, 'g'))];
  return updates.map(({ index, 0: { length } }) => topLevel(text.slice(index + length)));
}

const ENDS = ['WHERE', 'FROM', 'RETURNING'];

/** From here to the end of the clause: a word that ends it, the end of the text, or a bracket that was open before. */
function topLevel(text: string): string {
  let depth = 0;
  let clause = '';
  for (const [token] of text.matchAll(/\$\{[^}]*\}|DISTINCT FROM|\b(?:WHERE|FROM|RETURNING)\b|[^]/g)) {
    depth += token === '(' ? 1 : token === ')' ? -1 : 0;
    if (depth < 0 || token === '`' || (depth === 0 && ENDS.includes(token))) {
      break;
    }
    clause += depth === 0 ? token : '';
  }
  return clause;
}

/** `column = ` in a SET clause: at its beginning or after a comma. */
function writes(clause: string, column: string): boolean {
  return new RegExp(`(^|,)\\s*"?${column}"?\\s*=`).test(clause.replaceAll(/\$\{[^}]*\}/g, ''));
}

/** Rooms that write messages and distributions. */
const ROOMS = /^src\/(audiences|deliverability|distributions|emails|ledger|limits|links|planning|sending)\//;

describe('states of messages and distributions', () => {
  const sources = sourcesOf('src', '.ts');

  it('are written by statements through the lists of moves alone', () => {
    const writers = sources.filter(
      ({ text }) =>
        setClauses(text, 'messages').some((clause) => writes(clause, 'state')) ||
        setClauses(text, 'distributions').some((clause) => writes(clause, 'status')),
    );
    expect(writers.map(({ path }) => path)).toEqual([]);
  });

  it('are put into no part of a statement of distributions by themselves', () => {
    const parts = sources.filter(
      ({ path, text }) => ROOMS.test(path) && /[`'"]\s*(state|status) = (CASE|'|\$)/.test(text),
    );
    expect(parts.map(({ path }) => path)).toEqual([]);
  });

  it('are changed by entities through the list of moves alone', () => {
    const writers = sources.filter(
      ({ path, text }) =>
        ROOMS.test(path) &&
        [...text.matchAll(/^\s+(?:\w+\.)+(?:status|state)\s*=(?!=)[^;]*;/gm)].some(
          ([statement]) => !statement.includes('Moves.made('),
        ),
    );
    expect(writers.map(({ path }) => path)).toEqual([]);
  });

  it('are looked for where they stand: the rule finds a writer', () => {
    const one = "`UPDATE messages m SET lease_until = NULL, state = 'queued' FROM x WHERE m.state = 'leased'`";
    expect(setClauses(one, 'messages').map((clause) => writes(clause, 'state'))).toEqual([true]);
    const late = "`UPDATE messages SET run_at = (SELECT at FROM x WHERE y), state = 'queued' WHERE id = $1`";
    expect(setClauses(late, 'messages').map((clause) => writes(clause, 'state'))).toEqual([true]);
    const again = "`INSERT INTO messages (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET state = 'queued'`";
    expect(setClauses(again, 'messages').map((clause) => writes(clause, 'state'))).toEqual([true]);
    const other = "`UPDATE messages SET lease_until = NULL WHERE state = 'leased'`";
    expect(setClauses(other, 'messages').map((clause) => writes(clause, 'state'))).toEqual([false]);
  });
});
