import pg from 'pg';
import type { World } from '../world.js';

/** A row as somebody sees it who has the whole database, with what PostgreSQL itself notes of it. */
export interface DumpedRow {
  table: string;
  cells: Record<string, unknown>;
}

/** Every row of every table, past all walls. */
export async function dumped(world: World): Promise<DumpedRow[]> {
  const client = new pg.Client({ connectionString: world.superuserUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT quote_ident(relname) AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`,
    );
    const all: DumpedRow[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<Record<string, unknown>>(
        `SELECT xmin::text AS "$xmin", ctid::text AS "$place", * FROM ${name} ORDER BY ctid`,
      );
      all.push(...rows.map((cells) => ({ table: name, cells })));
    }
    return all;
  } finally {
    await client.end();
  }
}

/**
 * What a row could be joined by, each value with its kind: numbers that are ids, instants, transactions, and every text
 * inside, however deep. Short texts and small numbers are codes that everybody has.
 */
export function keysOf({ cells }: DumpedRow): Set<string> {
  return new Set(Object.entries(cells).flatMap(([column, value]) => keysIn(column, value)));
}

function keysIn(column: string, value: unknown): string[] {
  if (column === '$xmin') {
    return [`transaction ${String(value)}`];
  }
  if (value instanceof Date) {
    return [`instant ${value.toISOString()}`, `second ${value.toISOString().slice(0, 19)}`];
  }
  if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value)) {
    return Object.entries(value).flatMap(([name, inner]) => keysIn(name, inner));
  }
  return typeof value === 'string' ? keysInText(column, value) : [];
}

function keysInText(column: string, value: string): string[] {
  if (/(^|_)id$|Id$/.test(column)) {
    return [`id ${value}`];
  }
  return value.length > 2 && !column.startsWith('$') ? [`text ${value}`] : [];
}
