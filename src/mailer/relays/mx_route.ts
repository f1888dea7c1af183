import type { Names } from '../../platform/net/names.js';

/** Where mail for a domain goes, by its own word. */
export type MxRoute =
  | { status: 'hosts'; hosts: string[] }
  | { status: 'refused'; enhanced: string; text: string }
  | { status: 'unsure'; text: string };

/**
 * The servers of a domain in the order in which they are tried (RFC 5321 §5.1): by preference, equals in any order; a
 * domain without MX is its own server; one that says it takes no mail is believed (RFC 7505).
 */
export async function mxRoute(names: Names, domain: string): Promise<MxRoute> {
  const answer = await names.mx(domain);
  switch (answer.status) {
    case 'found':
      return { status: 'hosts', hosts: shuffledEquals(answer.records) };
    case 'null':
      return { status: 'refused', enhanced: '5.1.10', text: `${domain} takes no mail (null MX)` };
    case 'nxdomain':
      return { status: 'refused', enhanced: '5.1.2', text: `The domain ${domain} does not exist` };
    case 'unsure':
      return { status: 'unsure', text: `The servers of ${domain} could not be looked up: ${answer.why}` };
    case 'none':
      return withoutMx(names, domain);
    default:
      throw new TypeError(`There is no answer ${JSON.stringify(answer satisfies never)}`);
  }
}

async function withoutMx(names: Names, domain: string): Promise<MxRoute> {
  const answer = await names.lookup(domain);
  if (answer.status === 'found') return { status: 'hosts', hosts: [domain] };
  return answer.status === 'unsure'
    ? { status: 'unsure', text: `The address of ${domain} could not be looked up: ${answer.why}` }
    : { status: 'refused', enhanced: '5.1.2', text: `${domain} has neither a mail server nor an address` };
}

function shuffledEquals(records: readonly { exchange: string; preference: number }[]): string[] {
  return records
    .map(({ exchange, preference }) => ({ host: exchange.replace(/\.$/, ''), preference, chance: Math.random() }))
    .toSorted((one, other) => one.preference - other.preference || one.chance - other.chance)
    .map(({ host }) => host);
}
