import { Migration } from '@mikro-orm/migrations';
import { finder, wallAround } from './brand_tables.js';

/** From domains of brands, their signing keys and what the last look at the DNS said. */
export class Migration20261124000100_from_domains extends Migration {
  override up(): void {
    for (const statement of [...domains, ...keys, ...finders]) {
      this.addSql(statement);
    }
  }
}

const domains = [
  `CREATE TABLE from_domains (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     -- In ASCII and lower case, as it goes on the wire.
     domain text NOT NULL CHECK (domain ~ '^[a-z0-9.-]{3,253}$'),
     status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'verified', 'active', 'failed')),
     bounce_domain text NOT NULL DEFAULT '' CHECK (bounce_domain = '' OR bounce_domain LIKE '%.' || domain),
     bounce_works boolean NOT NULL DEFAULT false,
     -- What the brand's administrators were last told, so that each change is told once.
     told_status text NOT NULL DEFAULT 'pending',
     findings jsonb NOT NULL DEFAULT '[]',
     created_at timestamptz NOT NULL,
     checked_at timestamptz,
     -- When the DNS first showed our key, which only the domain's owner can bring about.
     verified_at timestamptz,
     -- When all that sending needs was last seen to be right.
     healthy_at timestamptz,
     next_check_at timestamptz NOT NULL,
     checking_until timestamptz,
     PRIMARY KEY (brand_id, id), UNIQUE (brand_id, domain))`,
  // A domain that one brand has proved to own is no other brand's.
  `CREATE UNIQUE INDEX from_domains_one_owner ON from_domains (domain) WHERE verified_at IS NOT NULL`,
  `CREATE INDEX from_domains_due ON from_domains (next_check_at)`,
  ...wallAround('from_domains'),
];

const keys = [
  `CREATE TABLE from_domain_keys (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     domain_id bigint NOT NULL,
     selector text NOT NULL CHECK (selector ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
     algorithm text NOT NULL CHECK (algorithm IN ('rsa', 'ed25519')),
     bits int NOT NULL,
     -- As it stands behind p= in the DNS.
     public_key text NOT NULL,
     -- The private key in PKCS #8, encrypted; gone when the key is retired.
     sealed bytea,
     stage text NOT NULL CHECK (stage IN ('next', 'current', 'retired')),
     -- Whether the DNS showed it at the last look.
     published boolean NOT NULL DEFAULT false,
     created_at timestamptz NOT NULL, retired_at timestamptz,
     CHECK ((stage = 'retired') = (sealed IS NULL)),
     PRIMARY KEY (brand_id, id), UNIQUE (brand_id, domain_id, selector),
     FOREIGN KEY (brand_id, domain_id) REFERENCES from_domains ON DELETE CASCADE)`,
  ...wallAround('from_domain_keys'),
];

const finders = [
  ...finder(
    'find_domains_to_check(at timestamptz)',
    'TABLE (brand_id bigint, domain_id bigint)',
    { from_domains: 'brand_id, id, domain, verified_at, next_check_at, checking_until' },
    `SELECT brand_id, id FROM from_domains
     WHERE next_check_at <= at AND (checking_until IS NULL OR checking_until <= at) ORDER BY next_check_at LIMIT 50`,
  ),
  ...finder(
    'find_domain_owner(wanted text)',
    'TABLE (brand_id bigint, domain_id bigint)',
    {},
    'SELECT brand_id, id FROM from_domains WHERE domain = wanted AND verified_at IS NOT NULL',
  ),
];
