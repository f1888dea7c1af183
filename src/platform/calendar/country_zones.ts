import { getCountries, getCountryCallingCode } from 'libphonenumber-js';
import { IANAZone } from 'luxon';
import { canonicalZone } from './time_zones.js';

/** Node knows this part of Intl; the compiler's library does not yet. */
type LocaleWithZones = Intl.Locale & { getTimeZones(): string[] | undefined };

/** The middle of each month of a year: countries whose clocks agree on these agree on all days but a few. */
const LOOKS = Array.from({ length: 12 }, (_, month) => Date.UTC(2026, month, 15));

let known: ReadonlyMap<string, string> | undefined;

/**
 * The zone that a telephone number tells, by the digits of its country code (`43`: Vienna's). Only where all clocks of
 * all countries with that code show the same time: +1, +7 or +351 tell none.
 */
export function phoneZones(): ReadonlyMap<string, string> {
  known ??= new Map(
    [...Map.groupBy(getCountries(), (country) => getCountryCallingCode(country))].flatMap(([code, countries]) => {
      const zones = [...new Set(countries.flatMap(zonesOfCountry))];
      const [first, ...others] = zones;
      return first !== undefined && others.every((other) => showTheSame(first, other))
        ? [[code, first] as [string, string]]
        : [];
    }),
  );
  return known;
}

/** All zones of a country, by the names under which they are stored. @param country two letters of ISO 3166 */
export function zonesOfCountry(country: string): string[] {
  const names = (new Intl.Locale(`und-${country}`) as LocaleWithZones).getTimeZones() ?? [];
  return names.flatMap((name) => canonicalZone(name) ?? []);
}

function showTheSame(one: string, other: string): boolean {
  const [first, second] = [IANAZone.create(one), IANAZone.create(other)];
  return LOOKS.every((at) => first.offset(at) === second.offset(at));
}
