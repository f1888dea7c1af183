import { dmarc } from 'mailauth/lib/dmarc/index.js';
import type { Names } from '../../../platform/net/names.js';
import { type Finding, findingsOf } from '../finding.js';
import { resolverFor, within } from './bounded.js';

const DEADLINE_MS = 15_000;
const { good, warn, bad, unknown } = findingsOf('dmarc');

/** The domains that a mail shows: in From, in its signature (d=) and behind its envelope sender. */
export interface Shown {
  from: string;
  signature: string;
  envelope: string;
}

/**
 * DMARC by RFC 9989: the policy that is found by the walk up the tree, and whether the signature and the envelope are
 * aligned with From in the mode that it asks for.
 */
export async function checkDmarc(names: Names, shown: Shown): Promise<Finding[]> {
  const name = `_dmarc.${shown.from}`;
  const own = await names.txt(name);
  const records = own.status === 'found' ? own.records.filter((text) => /^v\s*=\s*DMARC1/i.test(text)) : [];
  if (records.length > 1) {
    return [bad('two', { name, count: records.length }, { record: name })];
  }
  const result = await evaluated(names, shown);
  if (result === undefined || result.status.result === 'temperror') {
    return [unknown('temperror', { name }, { record: name })];
  }
  if (result.policy === undefined) {
    return [records.length > 0 ? bad('invalid', { name }, { record: name }) : warn('none', { name }, { record: name })];
  }
  const { policy, policyDomain = shown.from, alignment } = result;
  const where = `_dmarc.${policyDomain}`;
  return [
    good(policy === 'none' ? 'watching' : 'policy', { policy, where }, { record: where }),
    alignedSignature(shown, alignment.dkim, where),
    alignedEnvelope(shown, alignment.spf, where),
  ];
}

interface Alignment {
  result?: string;
  strict: boolean;
}

function alignedSignature({ signature }: Shown, { result, strict }: Alignment, where: string): Finding {
  const values = { signature, mode: strict ? 'strict' : 'relaxed', where };
  return result === undefined ? bad('signatureApart', values, { record: where }) : good('signature', values);
}

/** One of the two is enough for a pass; an envelope apart is a warning. */
function alignedEnvelope({ envelope, from }: Shown, { result, strict }: Alignment, where: string): Finding {
  const values = { envelope, from, mode: strict ? 'strict' : 'relaxed', where };
  if (result !== undefined) {
    return good('envelope', values);
  }
  return strict && envelope.endsWith(`.${from}`)
    ? warn('envelopeStrict', values, { record: where })
    : warn('envelopeApart', values);
}

type Evaluated = Exclude<Awaited<ReturnType<typeof dmarc>>, false>;

async function evaluated(names: Names, { from, signature, envelope }: Shown): Promise<Evaluated | undefined> {
  const work = dmarc({
    headerFrom: `probe@${from}`,
    dkimDomains: [{ id: 'probe', domain: signature }],
    spfDomains: [envelope],
    resolver: resolverFor(names, DEADLINE_MS),
  }).then(
    (result) => (result === false ? undefined : result),
    () => undefined,
  );
  return within(DEADLINE_MS, work, undefined);
}
