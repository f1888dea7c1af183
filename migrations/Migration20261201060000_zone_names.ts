import { Migration } from '@mikro-orm/migrations';
import { canonicalZone } from '../src/platform/calendar/time_zones.js';

/** Zones that were kept under another of their names have the one that is stored from now on; what names none stays. */
export class Migration20261201060000_zone_names extends Migration {
  override async up(): Promise<void> {
    const kept = await this.execute(KEPT_ZONES);
    for (const statement of renamed(kept.map((row) => String(row['zone'])))) {
      this.addSql(statement);
    }
  }
}

const TABLES = ['contacts', 'users', 'brands', 'surveys', 'distributions'] as const;

export const KEPT_ZONES = `${TABLES.map((table) => `SELECT time_zone AS zone FROM ${table}`).join(' UNION ')}
  UNION SELECT jsonb_array_elements_text(zones) FROM distributions`;

/** The statements that give these stored zones their names. */
export function renamed(zones: readonly string[]): string[] {
  const pairs = zones.flatMap((old) => {
    const today = canonicalZone(old);
    return today === undefined || today === old ? [] : [`(${quoted(old)}, ${quoted(today)})`];
  });
  if (pairs.length === 0) {
    return [];
  }
  const names = `(VALUES ${pairs.join(', ')}) AS n (old, today)`;
  return [
    ...TABLES.map((table) => `UPDATE ${table} t SET time_zone = n.today FROM ${names} WHERE t.time_zone = n.old`),
    `UPDATE messages t SET zone = n.today FROM ${names} WHERE t.zone = n.old AND t.state IN ('queued', 'leased')`,
    `UPDATE distributions d SET zones = (
       SELECT jsonb_agg(DISTINCT coalesce(n.today, zone)) FROM jsonb_array_elements_text(d.zones) zone LEFT JOIN ${names} ON n.old = zone)
     WHERE EXISTS (SELECT FROM jsonb_array_elements_text(d.zones) zone JOIN ${names} ON n.old = zone)`,
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
