import type { Bindings } from '../platform/db/bindings.js';
import { phoneZones } from '../platform/calendar/country_zones.js';
import type { Distribution } from '../ledger/distribution.entity.js';

/**
 * By whose clock somebody is written to, as an expression over a contact: the zone that the contact names, else that of
 * the country of their telephone number where it has one, else the brand's. The author's where none of them was known when
 * the zones of the distribution were read, so that nobody is lost who was changed since then.
 *
 * @param contact whose columns `time_zone` and `phone` are asked
 */
export function recipientZone(
  contact: string,
  { zones, timeZone, brandId }: Pick<Distribution, 'zones' | 'timeZone' | 'brandId'>,
  bindings: Bindings,
): string {
  const author = `${bindings.put(timeZone)}::text`;
  if (zones.length === 0) {
    return author;
  }
  const known = `${bindings.put(zones)}::text[]`;
  const ofPhone = phoneZone(contact, bindings, (zone) => zones.includes(zone));
  // Asked once for all: it names nobody.
  const ofBrand = `(SELECT b.time_zone FROM brands b WHERE b.id = ${bindings.put(brandId)} AND b.time_zone = ANY (${known}))`;
  return `coalesce(CASE WHEN ${contact}.time_zone = ANY (${known}) THEN ${contact}.time_zone END, ${ofPhone}, ${ofBrand}, ${author})`;
}

/** The zone that a contact's telephone number tells. No country's code begins with another one: one look at most finds something. */
export function phoneZone(
  contact: string,
  bindings: Bindings,
  isMeant: (zone: string) => boolean = () => true,
): string {
  const meant = Object.fromEntries([...phoneZones()].filter(([, zone]) => isMeant(zone)));
  const zones = `${bindings.put(JSON.stringify(meant))}::jsonb`;
  return `coalesce(${[1, 2, 3].map((digits) => `${zones} ->> substr(${contact}.phone, 2, ${digits})`).join(', ')})`;
}
