import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

/** Processor time so far, in seconds. Neighbours on a shared machine slow a clock down, but hardly this. */
export type Meter = () => number;

/** Of this process. */
export const ownProcessor: Meter = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
};

/** Of a PostgreSQL server with all its processes; always 0 where the system does not tell (other than Linux). */
export async function processorOf(databaseUrl: string): Promise<Meter> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const parent = times(rows[0]!.pid)?.parent;
  await client.end();
  if (parent === undefined) {
    return () => 0;
  }
  const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return () => {
    // Processes that have ended are in their parent's account.
    const { own = 0, ended = 0 } = times(parent) ?? {};
    return (living(parent).reduce((sum, child) => sum + child, own) + ended) / ticks;
  };
}

function living(parent: number): number[] {
  const pids = readdirSync('/proc').map(Number);
  const found = pids.filter((pid) => pid > 0).map((pid) => times(pid));
  return found.flatMap((one) => (one?.parent === parent ? [one.own] : []));
}

/** Fields 4 and 14 to 17 of proc(5); the name in field 2 may hold blanks. */
function times(pid: number): { parent: number; own: number; ended: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    return { parent: fields[1] ?? 0, own: user + system, ended: endedUser + endedSystem };
  } catch {
    return undefined;
  }
}
