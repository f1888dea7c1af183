import { IANAZone } from 'luxon';
import { canonicalZone } from '../../platform/calendar/time_zones.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/**
 * Writes times as `2026-11-23 14:05:09` in one zone. Offsets are looked up once an hour of the calendar: an export
 * writes three times a row, and a zone look-up for each would take longer than everything else together.
 */
export class ExportTimes {
  private readonly zone: IANAZone;
  private readonly offsets = new Map<number, number>();

  constructor(readonly zoneName: string) {
    this.zone = IANAZone.create(canonicalZone(zoneName) ?? 'UTC');
  }

  write(at: Date): string {
    const ms = at.getTime();
    const text = new Date(ms + this.offsetAt(ms) * MINUTE).toISOString();
    return `${text.slice(0, 10)} ${text.slice(11, 19)}`;
  }

  private offsetAt(ms: number): number {
    // Zones change by quarters of an hour at the finest.
    const slot = Math.floor(ms / (HOUR / 4));
    const known = this.offsets.get(slot) ?? this.zone.offset(ms);
    this.offsets.set(slot, known);
    return known;
  }
}

export function isZone(name: string): boolean {
  return canonicalZone(name) !== undefined;
}
