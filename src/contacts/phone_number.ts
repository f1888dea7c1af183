import { type CountryCode, getCountries, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

import { zonesOfCountry } from '../platform/calendar/country_zones.js';
import { canonicalZone } from '../platform/calendar/time_zones.js';

export type Country = CountryCode;

/** The number in E.164, or undefined where it is none; without `country` it has to start with + and its country code. */
export function phoneNumber(text: string, country?: Country): string | undefined {
  const international = text.replace(/^\s*00(?=[1-9])/, '+');
  const parsed = parsePhoneNumberFromString(international, country === undefined ? {} : { defaultCountry: country });
  return parsed?.isPossible() === true && parsed.ext === undefined ? parsed.number : undefined;
}

export function isCountry(text: string): text is Country {
  return isSupportedCountry(text);
}

/** Every country that has telephone numbers, named and in the order of the names. */
export function countries(language: string): { code: Country; name: string }[] {
  const names = new Intl.DisplayNames([language], { type: 'region' });
  return getCountries()
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((one, other) => one.name.localeCompare(other.name, language));
}

/** The country that a time zone lies in, where it lies in one. */
export function countryOf(timeZone: string): Country | undefined {
  return zoneCountries().get(canonicalZone(timeZone) ?? timeZone);
}

let known: Map<string, Country> | undefined;

function zoneCountries(): Map<string, Country> {
  known ??= new Map(
    getCountries().flatMap((code) => zonesOfCountry(code).map((zone): [string, Country] => [zone, code])),
  );
  return known;
}
