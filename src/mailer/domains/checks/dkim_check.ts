import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import type { Names } from '../../../platform/net/names.js';
import { signedMail } from '../../mime/dkim.js';
import { CompiledMail } from '../../mime/mime.js';
import type { DomainKey } from '../domain_key.entity.js';
import type { SigningKey } from '../domain_keys.js';
import { type Finding, findingsOf } from '../finding.js';
import { resolverFor, within } from './bounded.js';

const DEADLINE_MS = 15_000;

/** What the DNS has where a key's record should be. */
export type KeyRecord = 'match' | 'missing' | 'differs' | 'cut' | 'revoked' | 'two' | 'unsure';

const { good, warn, bad, unknown } = findingsOf('dkim');

/** Compares the record under a key's selector with the key. Aliases (CNAME) are followed, split strings joined. */
export async function recordOf(names: Names, domain: string, key: DomainKey): Promise<KeyRecord> {
  const answer = await names.txt(recordName(domain, key));
  if (answer.status === 'unsure') {
    return 'unsure';
  }
  const records = answer.status === 'found' ? answer.records.filter((text) => /(?:^|;)\s*p\s*=/i.test(text)) : [];
  if (records.length === 0) {
    return 'missing';
  }
  return records.length > 1 ? 'two' : compared(records[0]!, key);
}

export function recordName(domain: string, { selector }: Pick<DomainKey, 'selector'>): string {
  return `${selector}._domainkey.${domain}`;
}

/** Exactly our key, of our kind; blanks inside do not count (RFC 6376 §3.2, §3.6.1). */
function compared(record: string, key: DomainKey): KeyRecord {
  const tags = new Map(
    record.split(';').map((tag): [string, string] => {
      const [name = '', ...value] = tag.split('=');
      return [name.trim().toLowerCase(), value.join('=').replace(/\s/g, '')];
    }),
  );
  const published = tags.get('p') ?? '';
  const isOurKind = (tags.get('k') ?? 'rsa').toLowerCase() === key.algorithm && (tags.get('v') ?? 'DKIM1') === 'DKIM1';
  if (published === key.publicKey) {
    return isOurKind ? 'match' : 'differs';
  }
  if (published === '') {
    return 'revoked';
  }
  return key.publicKey.startsWith(published) ? 'cut' : 'differs';
}

/** A key's record in words. What signs alone must be right before anything is sent; a second or next key may wait. */
export function keyFinding(domain: string, key: DomainKey, record: KeyRecord): Finding {
  const name = recordName(domain, key);
  const values = { domain, selector: key.selector, name, kind: key.algorithm === 'rsa' ? 'RSA' : 'Ed25519' };
  const about = { record: name };
  if (record === 'match') {
    return good(key.stage === 'next' ? 'nextMatch' : 'match', values, about);
  }
  if (key.stage === 'next') {
    return warn(`next${record === 'missing' ? 'Missing' : 'Wrong'}`, values, about);
  }
  if (key.algorithm === 'ed25519') {
    return record === 'unsure' ? unknown('unsure', values, about) : warn('second', values, about);
  }
  const blocks = { ...about, blocks: true };
  return record === 'unsure' ? unknown('unsure', values, blocks) : bad(record, values, blocks);
}

/** Signs a mail as ours are and has it verified by an independent verifier, with the keys that the DNS shows. */
export async function probe(names: Names, keys: SigningKey[], domain: string, at: Date): Promise<Finding> {
  const blocks = { blocks: true };
  const mail = await signedMail(probeMail(domain, at), keys, at);
  const verified = dkimVerify(mail, { resolver: resolverFor(names, DEADLINE_MS), curTime: at }).then(
    ({ results }) => results.map(({ status }) => ({ result: status.result, reason: status.comment ?? '' })),
    (error: unknown) => [{ result: 'temperror', reason: (error as Error).message }],
  );
  const results = await within(DEADLINE_MS, verified, [{ result: 'temperror', reason: '' }]);
  const wrong = results.find(({ result }) => result !== 'pass');
  if (results.length === keys.length && wrong === undefined) {
    return good('probe', { domain, count: keys.length });
  }
  const values = { domain, reason: wrong?.reason ?? '' };
  return wrong?.result === 'temperror' ? unknown('probeUnsure', values, blocks) : bad('probeFails', values, blocks);
}

function probeMail(domain: string, at: Date): Buffer {
  const mail = new CompiledMail({
    from: { name: 'Probe', address: `probe@${domain}` },
    subject: ['A mail that is signed and verified, and sent to nobody'],
    html: ['<p>This mail proves that receivers can verify what is signed here.</p>'],
  });
  return mail.render({
    to: { address: `probe@${domain}` },
    messageIdHeader: `<probe.${at.getTime()}@${domain}>`,
    date: at,
    values: [],
    unsubscribe: { url: 'https://example.com/u/probe' },
  });
}
