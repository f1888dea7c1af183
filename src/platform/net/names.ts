import { Resolver } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { Config } from '../config.js';

/** What the DNS said: records, a name without such records, no such name, or nothing that can be relied on. */
export type Answer<T> =
  | { status: 'found'; records: T[] }
  | { status: 'none' }
  | { status: 'nxdomain' }
  | { status: 'unsure'; why: string };

export interface MxHost {
  exchange: string;
  preference: number;
}

/** `null`: the domain says that it takes no mail at all (RFC 7505). */
export type MxAnswer = Answer<MxHost> | { status: 'null' };

/** One question waits at most this long, whatever servers there are: a server that never answers hangs nobody. */
const DEADLINE_MS = 10_000;
const TRY_MS = 2000;
const TRIES = 2;
/** More records than this are nobody's honest answer. */
const RECORDS = 200;

const MISSING: Record<string, 'none' | 'nxdomain'> = {
  ENODATA: 'none',
  ENOTFOUND: 'nxdomain',
  EBADNAME: 'nxdomain',
};

/**
 * Our own way to the DNS: bounded waits, bounded answers, and answers instead of exceptions. Asks `DNS_SERVERS`, or the
 * servers of the system.
 */
@Injectable()
export class Names {
  private readonly resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });

  constructor(config: Config) {
    if (config.DNS_SERVERS.length > 0) {
      this.resolver.setServers(config.DNS_SERVERS);
    }
  }

  /** Where mail for the domain goes, best preference first. */
  async mx(domain: string): Promise<MxAnswer> {
    const answer = await this.ask(domain, () => this.resolver.resolveMx(domain));
    if (answer.status !== 'found') {
      return answer;
    }
    const hosts = answer.records.map(({ exchange, priority }) => ({ exchange, preference: priority }));
    if (hosts.length === 1 && ['', '.'].includes(hosts[0]!.exchange)) {
      return { status: 'null' };
    }
    return { status: 'found', records: hosts.sort((one, other) => one.preference - other.preference) };
  }

  /** Every address of a host, IPv4 first; empty where there is none or nobody knows. `lookup` tells these apart. */
  async addresses(host: string): Promise<string[]> {
    const answer = await this.lookup(host);
    return answer.status === 'found' ? answer.records : [];
  }

  /** Every address of a host, IPv4 first. Unsure when one family could not be asked and the other has none. */
  async lookup(host: string): Promise<Answer<string>> {
    const answers = await Promise.all([
      this.ask(host, () => this.resolver.resolve4(host)),
      this.ask(host, () => this.resolver.resolve6(host)),
    ]);
    const records = answers.flatMap((answer) => (answer.status === 'found' ? answer.records : []));
    if (records.length > 0) {
      return { status: 'found', records };
    }
    return (
      answers.find(({ status }) => status === 'unsure') ?? answers.find(({ status }) => status === 'none') ?? answers[0]
    );
  }

  /** Text records, the strings of each joined as RFC 7208 §3.3 and RFC 6376 §3.6.2.2 want. */
  async txt(name: string): Promise<Answer<string>> {
    const answer = await this.ask(name, () => this.resolver.resolveTxt(name));
    return answer.status === 'found'
      ? { ...answer, records: answer.records.map((strings) => strings.join('')) }
      : answer;
  }

  /** The names that an address gives itself. */
  ptr(address: string): Promise<Answer<string>> {
    // Not `reverse`: it calls a server that fails a name that does not exist.
    return this.ask(address, () => this.resolver.resolvePtr(arpaName(address)));
  }

  /**
   * The resolver function that mailauth takes: the same servers and waits, with its convention of errors with a `code`.
   * @throws an error with `code` ENOTFOUND, ENODATA, ETIMEOUT, ESERVFAIL …
   */
  readonly resolve = async (name: string, rrtype: string): Promise<never> => {
    const answer = await this.bounded(() => this.resolver.resolve(name, rrtype));
    return (Array.isArray(answer) ? answer.slice(0, RECORDS) : answer) as never;
  };

  private async ask<T>(name: string, question: () => Promise<T[]>): Promise<Answer<T>> {
    try {
      const records = await this.bounded(question);
      return records.length === 0 ? { status: 'none' } : { status: 'found', records: records.slice(0, RECORDS) };
    } catch (error) {
      const code = (error as { code?: string }).code ?? 'EUNKNOWN';
      const status = MISSING[code];
      return status === undefined ? { status: 'unsure', why: `${name}: ${WORDS[code] ?? code}` } : { status };
    }
  }

  private async bounded<T>(question: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const error = Object.assign(new Error('The DNS did not answer in time'), { code: 'ETIMEOUT' });
      timer = setTimeout(() => reject(error), DEADLINE_MS);
      timer.unref();
    });
    try {
      return await Promise.race([question(), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** RFC 1035 §3.5, RFC 3596 §2.5. */
function arpaName(address: string): string {
  const bytes = ipaddr.parse(address).toByteArray();
  return bytes.length === 4
    ? `${bytes.toReversed().join('.')}.in-addr.arpa`
    : `${Buffer.from(bytes).toString('hex').split('').toReversed().join('.')}.ip6.arpa`;
}

const WORDS: Record<string, string> = {
  ETIMEOUT: 'the DNS server did not answer in time',
  ESERVFAIL: 'the DNS server failed',
  EREFUSED: 'the DNS server refused to answer',
  ECONNREFUSED: 'no DNS server could be reached',
  EBADRESP: 'the DNS server gave a broken answer',
  EFORMERR: 'the DNS server did not understand the question',
};
