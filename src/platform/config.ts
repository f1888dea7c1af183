import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import {
  blankIsUnset,
  domainName,
  flag,
  isHostOrNetwork,
  isNetwork,
  isServer,
  list,
  PORT,
  url,
  whole,
} from './setting_kinds.js';

/** Raised at boot with every mistake in the environment at once; never holds a value, only names and reasons. */
export class BadConfiguration extends Error {
  constructor(readonly mistakes: string[]) {
    super(['The configuration has mistakes:', ...mistakes.map((mistake) => `  - ${mistake}`)].join('\n'));
    this.name = 'BadConfiguration';
  }
}

const schema = z.object({
  /** Port of the web server; 0 takes any free one. */
  PORT: whole(3000, 0, 65_535),
  /** Address to listen on. */
  HOST: z.preprocess(blankIsUnset, z.string().default('127.0.0.1')),
  /** Where people reach this installation; links in mails start with it. Default http://localhost:PORT. */
  BASE_URL: url(['http:', 'https:'], 'https://surveys.example.com'),
  /** Number of reverse proxies in front whose X-Forwarded headers are believed. */
  TRUST_PROXY: whole(0, 0, 10),
  /** Seconds in which the body of a request has to be there; files get more by their size. */
  BODY_SECONDS: whole(30, 1, 600),
  /** Megabytes of requests' bodies that one process holds in memory at a time. */
  BODY_MEMORY_MB: whole(96, 48, 4096),
  /** Connections that one network may hold open, where no proxy stands in front. */
  CONNECTIONS_AT_ONCE: whole(2000, 10, 8000),
  /** Embedded database, keys and files. */
  DATA_DIR: z.preprocess(blankIsUnset, z.string().default('.data')),
  /** PostgreSQL 15 or newer; unset starts the embedded one in DATA_DIR. */
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgresql://user:password@host:5432/canvass'),
  /** Carries wake-ups between processes; unset: each process wakes itself, and finds the rest by the sweep. */
  REDIS_URL: url(['redis:', 'rediss:'], 'redis://host:6379'),
  /** Size of the pool of connections to PostgreSQL. */
  DATABASE_POOL: whole(20, 2, 200),
  DATABASE_PATIENCE_MS: whole(5000, 500, 300_000),
  /** How many processes work at what authors bring, such as survey files, beside the one that answers requests. */
  TASK_PROCESSES: whole(2, 1, 16),
  /** What each of them may keep in memory, in MB. */
  TASK_MEMORY_MB: whole(192, 64, 4096),
  /** The relay that mails leave by; unset keeps them in the development mailbox. */
  SMTP_URL: url(['smtp:', 'smtps:'], 'smtp://user:password@relay.example.com:587'),
  /** Connections to the relay that one process keeps open at most. */
  SMTP_CONNECTIONS: whole(10, 1, 100),
  /** 1: without a relay, mails go straight to the mail servers of their recipients. */
  SMTP_DIRECT: flag(false),
  /** Port of the recipients' mail servers; anything but 25 is for trying it out. */
  SMTP_DIRECT_PORT: whole(25, 1, 65_535),
  /** What this machine calls itself to mail servers; its address should have this name. Default: the host of BASE_URL. */
  MAIL_HOSTNAME: domainName('mail.example.com'),
  /** How long mails on the wire may take to end when the process is told to stop, in seconds. */
  DRAIN_SECONDS: whole(75, 1, 3600),
  /** The From domain that the operator vouches for. */
  MAIL_DOMAIN: domainName('example.com'),
  /** DNS servers to ask, as ip or ip:port with commas between; unset: those of the system. */
  DNS_SERVERS: list(isServer, 'must be addresses such as 192.0.2.53 or [2001:db8::53]:53, with commas between'),
  /** Hosts, addresses and networks inside that brands may connect to, e.g. as relays. */
  ALLOW_PRIVATE_HOSTS: list(
    isHostOrNetwork,
    'must be hosts, addresses or networks such as 10.0.0.0/8, with commas between',
  ),
  /** The addresses that our mails leave from, as the world sees them; SPF records are checked for them. */
  SENDING_ADDRESSES: list((entry) => isIP(entry) > 0, 'must be IP addresses with commas between'),
  /** The host that takes what comes back; the bounce domains of brands point to it. */
  BOUNCE_DOMAIN: domainName('bounce.example.com'),
  /** Port and address where mail servers bring back what they could not deliver; without a port nothing listens. */
  BOUNCE_PORT: z.preprocess(blankIsUnset, PORT.optional()),
  BOUNCE_HOST_ADDRESS: z.preprocess(blankIsUnset, z.string().default('127.0.0.1')),
  /** Connections there at once, and of them from one address (IPv6: from one /64). */
  BOUNCE_CONNECTIONS: whole(100, 4, 10_000),
  BOUNCE_CONNECTIONS_PER_ADDRESS: whole(10, 1, 10_000),
  /** Mail servers of our own that hand mails on to that port; the limits by address are not for them. */
  BOUNCE_RELAYS: list(isNetwork, 'must be addresses or networks such as 10.0.0.0/8, with commas between'),
  /** For so many days the words of mails that came back are kept, those about messages that are gone, and those of the development mailbox. */
  INBOUND_KEEP_DAYS: whole(30, 1, 3650),
  STRAY_KEEP_DAYS: whole(7, 1, 3650),
  MAILBOX_KEEP_DAYS: whole(7, 1, 3650),
  /** The newest so many mails of the development mailbox are kept, of each brand. */
  MAILBOX_KEEP_MAILS: whole(10_000, 10, 1_000_000),
  /** When mails that came back take so many MB, further ones are asked to come again later. */
  INBOUND_STORE_MB: whole(2048, 1, 10_000_000),
  /** A mailbox that bounces are fetched from, instead or as well. */
  BOUNCE_IMAP_URL: url(['imap:', 'imaps:'], 'imaps://user:password@imap.example.com/INBOX'),
  /** Selector and file (PEM) of the key that signs mails from MAIL_DOMAIN. */
  DKIM_SELECTOR: z.preprocess(
    blankIsUnset,
    z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a label like canvass1')
      .optional(),
  ),
  DKIM_KEY_FILE: z.preprocess(blankIsUnset, z.string().optional()),
  /** 32 bytes as 64 hex digits or base64; encrypts secrets at rest. Unset: made in DATA_DIR/secret.key. */
  SECRET_KEY: z.preprocess(
    blankIsUnset,
    z
      .string()
      .refine((value) => secretBytes(value) !== undefined, 'must be 32 bytes, as 64 hex digits or in base64')
      .optional(),
  ),
  /** What this process does. */
  ROLE: z.preprocess(
    blankIsUnset,
    z.enum(['all', 'web', 'worker', 'scheduler'], { error: 'must be all, web, worker or scheduler' }).default('all'),
  ),
  /** 0: no demo data in an empty database. */
  DEMO: flag(true),
  ADMIN_EMAIL: z.preprocess(blankIsUnset, z.email('must be an e-mail address').optional()),
  ADMIN_PASSWORD: z.preprocess(blankIsUnset, z.string().min(12, 'must have 12 characters or more').max(128).optional()),
  /** Where finders of weaknesses write to; shown as /.well-known/security.txt. */
  SECURITY_CONTACT: url(['mailto:', 'https:'], 'mailto:security@example.com'),
  BRAND_NAME: z.preprocess(
    blankIsUnset,
    z.string().trim().min(1, 'must not be blank').max(200, 'may have 200 characters').optional(),
  ),
  /** Becomes the first administrator's API token. */
  API_TOKEN: z.preprocess(blankIsUnset, z.string().min(20, 'must have 20 characters or more').max(200).optional()),
  /** How long a claimed message belongs to its worker, in seconds. */
  LEASE_SECONDS: whole(300, 1, 3600),
  /** After this many seconds on the wire without a word, a message is uncertain. */
  WIRE_SECONDS: whole(1200, 2, 7200),
  /** How long an uncertain mail waits for evidence before it is sent once more, in seconds. */
  RESEND_SECONDS: whole(1800, 1, 86_400),
  /** Rows that one transaction of planning writes; 20,000 are about a second of work, so that locks stay short. */
  PLANNING_BATCH: whole(20_000, 1, 200_000),
  /** How often work that nobody woke up for is looked for, in milliseconds. */
  SWEEP_MS: whole(3000, 100, 60_000),
  /** Starts of one survey by one address (of IPv6 a /64) at once and again each second; 0 at once: no bound, also below. */
  STARTS_AT_ONCE: whole(600, 0, 1_000_000),
  STARTS_PER_SECOND: whole(2, 1, 100_000),
  /** The same for all addresses together. */
  SURVEY_STARTS_AT_ONCE: whole(10_000, 0, 10_000_000),
  SURVEY_STARTS_PER_SECOND: whole(50, 1, 1_000_000),
  /** Requests of one address for pages of any kind. */
  REQUESTS_AT_ONCE: whole(3000, 0, 10_000_000),
  REQUESTS_PER_SECOND: whole(100, 1, 1_000_000),
  /** Requests of one address for links, pictures and the like that there are not. */
  MISSES_AT_ONCE: whole(300, 0, 1_000_000),
  MISSES_PER_SECOND: whole(1, 1, 100_000),
  /** What one address may post to pages of respondents: megabytes at once, kilobytes again each second. */
  POSTED_MB_AT_ONCE: whole(8, 0, 100_000),
  POSTED_KB_PER_SECOND: whole(16, 1, 1_000_000),
  /** Calls of the API that one brand's programs may make a minute; a brand may set a lower number for itself. */
  API_REQUESTS_PER_MINUTE: whole(3000, 1, 1_000_000),
  /** For trying out power cuts only: the process dies when it passes this point for the n-th time. */
  FAILPOINT: z.preprocess(
    blankIsUnset,
    z
      .string()
      .regex(
        /^(?:planned|claimed|wired|accepted)(?::[1-9]\d{0,5})?$/,
        'must be planned, claimed, wired or accepted, and :n',
      )
      .optional(),
  ),
  LOG_LEVEL: z.preprocess(
    blankIsUnset,
    z
      .enum(['fatal', 'error', 'warn', 'log', 'debug', 'verbose'], {
        error: 'must be fatal, error, warn, log, debug or verbose',
      })
      .default('warn'),
  ),
});

type Settings = z.infer<typeof schema>;

/** The validated environment. Injected by this class; nothing else reads `process.env`. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the interface below adds the schema's fields
export class Config {
  constructor(private readonly settings: Settings) {
    Object.assign(this, settings);
  }

  /** The address that links start with, without a slash at its end. */
  get baseUrl(): string {
    return (this.settings.BASE_URL ?? `http://localhost:${this.settings.PORT}`).replace(/\/+$/, '');
  }

  /** Mails do not leave the machine by anything that the operator set. */
  get keepsMails(): boolean {
    return this.settings.SMTP_URL === undefined && !this.settings.SMTP_DIRECT;
  }

  /** Over https cookies carry Secure and the `__Host-` prefix. */
  get isSecure(): boolean {
    return this.baseUrl.startsWith('https:');
  }

  get dataDir(): string {
    return resolve(this.settings.DATA_DIR);
  }

  /** The 32 bytes of SECRET_KEY, when it was given. */
  get secretKey(): Buffer | undefined {
    return this.settings.SECRET_KEY === undefined ? undefined : secretBytes(this.settings.SECRET_KEY);
  }

  get runsWeb(): boolean {
    return this.settings.ROLE === 'all' || this.settings.ROLE === 'web';
  }

  get runsWork(): boolean {
    return this.settings.ROLE === 'all' || this.settings.ROLE === 'worker';
  }

  get runsSchedule(): boolean {
    return this.settings.ROLE !== 'web';
  }
}

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the schema is the single list of settings
export interface Config extends Settings {}

/**
 * Reads and checks the environment.
 * @throws {BadConfiguration} with all mistakes at once
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = schema.safeParse(environment);
  const mistakes = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  if (environment['BASE_URL'] !== undefined && /[?#]/.test(environment['BASE_URL'])) {
    mistakes.push('BASE_URL must not hold ? or #');
  }
  if (isSet(environment['DKIM_SELECTOR']) !== isSet(environment['DKIM_KEY_FILE'])) {
    mistakes.push('DKIM_SELECTOR and DKIM_KEY_FILE belong together');
  }
  if (!parsed.success || mistakes.length > 0) {
    throw new BadConfiguration(mistakes);
  }
  return new Config(parsed.data);
}

/** The environment that child processes such as the embedded PostgreSQL inherit. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

function secretBytes(value: string): Buffer | undefined {
  const bytes = /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, 'hex') : Buffer.from(value, 'base64');
  return bytes.length === 32 ? bytes : undefined;
}
