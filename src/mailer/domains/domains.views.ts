import type { Say } from '../../platform/web/words.js';
import { type DnsRecord, inPieces, levelOf, shortHost } from './dns_records.js';
import type { Area, Finding } from './finding.js';
import type { DomainStatus } from './from_domain.entity.js';

type Level = Finding['level'];

const TONES: Record<DomainStatus, string> = { pending: 'idle', verified: 'hold', active: 'done', failed: 'fail' };
const LEVEL_TONES: Record<Level, string> = { good: 'done', warn: 'hold', bad: 'fail', unknown: 'unsure' };
const AREAS: readonly Area[] = ['dkim', 'spf', 'dmarc', 'bounce', 'reverse', 'tls', 'unsubscribe'];
/** The worst first. */
const LEVELS: readonly Level[] = ['bad', 'unknown', 'warn', 'good'];

export function domainPill(status: DomainStatus, say: Say): object {
  return { tone: TONES[status], text: say(`domains.pill.${status}`) };
}

function levelPill(level: Level, say: Say): object {
  return { tone: LEVEL_TONES[level], text: say(`domains.levels.${level}`) };
}

function worstOf(findings: Finding[]): Level | undefined {
  return LEVELS.find((level) => findings.some((finding) => finding.level === level));
}

/** Findings by what they are about, what is to be mended first. */
export function findingGroups(findings: Finding[], say: Say): object[] {
  return AREAS.flatMap((area) => {
    const own = findings.filter((finding) => finding.area === area);
    const sorted = own.toSorted((one, other) => LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level));
    return own.length === 0
      ? []
      : [{ title: say(`domains.areas.${area}`), lines: sorted.map((one) => lineOf(one, say)) }];
  });
}

function lineOf({ area, code, level, values }: Finding, say: Say): object {
  return {
    pill: levelPill(level, say),
    what: say(`domains.findings.${area}.${code}.what`, values),
    fix: say(`domains.findings.${area}.${code}.fix`, { ...values, defaultValue: '' }),
  };
}

/** What large receivers ask for, one line an area with its worst finding. */
export function readinessRows(findings: Finding[], say: Say): object[] {
  return AREAS.filter((area) => area !== 'bounce').map((area) => {
    const level = worstOf(findings.filter((finding) => finding.area === area)) ?? 'unknown';
    return { name: say(`domains.areas.${area}`), pill: levelPill(level, say) };
  });
}

/** The records to publish, with what the last check saw of each. */
export function recordRows(records: DnsRecord[], findings: Finding[], say: Say): object[] {
  return records.map((record, index) => {
    const { type, host, value, purpose } = record;
    const level = levelOf(findings, record);
    const pieces = inPieces(value);
    return {
      type,
      purpose: say(`domains.show.purposes.${purpose}`),
      pill: level === undefined ? undefined : levelPill(level, say),
      host: copied(
        `record_${index}_host`,
        say('domains.show.host'),
        host,
        say('domains.show.short', { host: shortHost(host) }),
      ),
      value: copied(`record_${index}_value`, say('domains.show.value'), value),
      pieces:
        pieces === undefined
          ? undefined
          : copied(`record_${index}_pieces`, say('domains.show.split'), pieces, say('domains.show.splitHelp')),
    };
  });
}

function copied(id: string, label: string, value: string, help?: string): object {
  return { id, label, value, help };
}
