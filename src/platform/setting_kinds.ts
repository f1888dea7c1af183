import { isIP } from 'node:net';
import { z } from 'zod';

/** A setting that is there and empty counts as one that is not there. */
export const blankIsUnset = (value: unknown): unknown => (value === '' ? undefined : value);
/** 1 or 0. */
export const flag = (fallback: boolean) =>
  z.preprocess(
    blankIsUnset,
    z
      .enum(['0', '1', 'true', 'false'], { error: 'must be 1 or 0' })
      .optional()
      .transform((value) => (value === undefined ? fallback : value === '1' || value === 'true')),
  );
/** A whole number between two others, in words that say so. */
export const whole = (fallback: number, min: number, max: number) =>
  z.preprocess(
    blankIsUnset,
    z.coerce
      .number({ error: `must be a whole number from ${min} to ${max}` })
      .int(`must be a whole number from ${min} to ${max}`)
      .min(min, `must be a whole number from ${min} to ${max}`)
      .max(max, `must be a whole number from ${min} to ${max}`)
      .default(fallback),
  );
/** An address with one of these protocols. */
export const url = (protocols: string[], example: string) =>
  z.preprocess(
    blankIsUnset,
    z
      .string()
      .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
        error: `must be an address like ${example}`,
      })
      .optional(),
  );

/** A host name with a dot. */
export const domainName = (example: string) =>
  z.preprocess(
    blankIsUnset,
    z
      .string()
      .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, `must be a domain like ${example}`)
      .optional(),
  );
/** Entries with commas between. */
export const list = (isEntry: (entry: string) => boolean, mistake: string) =>
  z.preprocess(
    blankIsUnset,
    z
      .string()
      .default('')
      .transform((text) =>
        text
          .split(',')
          .map((entry) => entry.trim().toLowerCase())
          .filter((entry) => entry !== ''),
      )
      .refine((entries) => entries.every(isEntry), mistake),
  );

const WRONG_PORT = 'must be a port from 0 to 65535';
/** 0 takes any free one. */
export const PORT = z.coerce.number({ error: WRONG_PORT }).int(WRONG_PORT).min(0, WRONG_PORT).max(65_535, WRONG_PORT);

/** `192.0.2.53` or `[2001:db8::53]:53`. */
export function isServer(entry: string): boolean {
  const [, v6, v4] = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::\d{1,5})?$/.exec(entry) ?? [];
  return isIP(entry) > 0 || isIP(v6 ?? v4 ?? '') > 0;
}

/** A host, an address or a network such as `10.0.0.0/8`. */
export function isHostOrNetwork(entry: string): boolean {
  const [address = '', bits] = entry.split('/');
  const isAddress = isIP(address) > 0 && (bits === undefined || /^\d{1,3}$/.test(bits));
  return isAddress
    ? bits === undefined || Number(bits) <= (isIP(address) === 4 ? 32 : 128)
    : /^[a-z0-9.-]+$/.test(entry);
}

/** An address or a network. */
export function isNetwork(entry: string): boolean {
  return isIP(entry.split('/')[0] ?? '') > 0 && isHostOrNetwork(entry);
}
