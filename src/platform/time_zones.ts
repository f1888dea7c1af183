/** Names of time zones as people choose them; UTC first, because the runtime's list leaves it out. */
export const TIME_ZONES: readonly string[] = [
  'UTC',
  ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC'),
];

const KNOWN = new Set(TIME_ZONES);

export function isTimeZone(name: string): boolean {
  return KNOWN.has(name);
}

/** The list for a select; a stored zone that the runtime calls by another name today stays choosable. */
export function timeZoneOptions(chosen: string): { value: string; label: string; selected: boolean }[] {
  const names = KNOWN.has(chosen) ? TIME_ZONES : [chosen, ...TIME_ZONES];
  return names.map((name) => ({ value: name, label: name.replaceAll('_', ' '), selected: name === chosen }));
}
