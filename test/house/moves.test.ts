import { sourcesOf } from './sources.js';

/** Statements from UPDATE to what follows their SET clause; `${…}` stands for what code puts in. */
function setClauses(text: string, table: string): string[] {
  const updates = [...text.matchAll(new RegExp(`UPDATE ${table}\\b`, 'g'))];
  return updates.map(({ index }) => /\bSET\b([\s\S]*?)(?=\bWHERE\b|\bFROM\b|`|'$)/.exec(text.slice(index))?.[1] ?? '');
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
        [...text.matchAll(/^\s+\w+\.(?:status|state) = .*;$/gm)].some(([line]) => !line.includes('Moves.made(')),
    );
    expect(writers.map(({ path }) => path)).toEqual([]);
  });

  it('are looked for where they stand: the rule finds a writer', () => {
    const one = "`UPDATE messages m SET lease_until = NULL, state = 'queued' FROM x WHERE m.state = 'leased'`";
    expect(setClauses(one, 'messages').map((clause) => writes(clause, 'state'))).toEqual([true]);
    const other = "`UPDATE messages SET lease_until = NULL WHERE state = 'leased'`";
    expect(setClauses(other, 'messages').map((clause) => writes(clause, 'state'))).toEqual([false]);
  });
});
