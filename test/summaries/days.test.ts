import fc from 'fast-check';
import { lastDays } from '../../src/summaries/days.js';

const HOUR = 3_600_000;

function lengths(now: string, zone: string, count = 3): number[] {
  const begins = lastDays(new Date(now), zone, count).map((day) => day.begins.getTime());
  return begins.slice(1).map((begin, index) => (begin - begins[index]!) / HOUR);
}

describe('the days of the picture', () => {
  it('end with today, where the person is', () => {
    const days = lastDays(new Date('2026-11-23T23:30:00Z'), 'Europe/Berlin', 14);
    expect(days).toHaveLength(14);
    expect(days.at(-1)?.date.toISODate()).toBe('2026-11-24');
    expect(days[0]?.begins.toISOString()).toBe('2026-11-10T23:00:00.000Z');
  });

  it('have 23 hours in spring and 25 in autumn', () => {
    expect(lengths('2026-03-30T12:00:00Z', 'Europe/Berlin')).toEqual([24, 23]);
    expect(lengths('2026-10-26T12:00:00Z', 'Europe/Berlin')).toEqual([24, 25]);
    expect(lengths('2026-04-06T12:00:00Z', 'Australia/Lord_Howe')).toEqual([24, 24.5]);
  });

  it('begin at the first moment that exists where clocks jump over midnight', () => {
    const days = lastDays(new Date('2026-09-06T12:00:00Z'), 'America/Santiago', 1);
    expect(days[0]?.begins.toISOString()).toBe('2026-09-06T04:00:00.000Z');
  });

  it('follow each other without a gap in every zone at every time', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
        fc.constantFrom(...zones),
        (now, zone) => {
          const days = lastDays(now, zone, 14);
          const dates = days.map(({ date }) => date.toISODate());
          expect(new Set(dates).size).toBe(14);
          expect(days.at(-1)!.begins <= now).toBe(true);
          expect(days.every(({ begins }, index) => index === 0 || begins > days[index - 1]!.begins)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('fall back to UTC for a zone that does not exist', () => {
    expect(lastDays(new Date('2026-11-23T23:30:00Z'), 'Mars/Olympus', 1)[0]?.date.toISODate()).toBe('2026-11-23');
  });
});
