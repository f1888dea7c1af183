import { Migration } from '@mikro-orm/migrations';
import { wallAround } from './brand_tables.js';

/** Relays that brands bring along, and providers that are left alone for a while. */
export class Migration20261124000200_relays extends Migration {
  override up(): void {
    for (const statement of [...relays, ...pauses]) {
      this.addSql(statement);
    }
  }
}

const relays = [
  `CREATE TABLE relays (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     name text NOT NULL CHECK (name <> ''),
     host text NOT NULL, port int NOT NULL CHECK (port BETWEEN 1 AND 65535),
     tls text NOT NULL CHECK (tls IN ('implicit', 'required', 'off')),
     -- Certificates in PEM that are trusted instead of the usual ones; '': the usual ones.
     ca text NOT NULL DEFAULT '',
     auth text NOT NULL CHECK (auth IN ('none', 'PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2')),
     username text NOT NULL DEFAULT '',
     -- The password, or the secret of the client; encrypted.
     sealed bytea,
     -- For XOAUTH2: where tokens are given, to whom, for what.
     token_url text NOT NULL DEFAULT '', client_id text NOT NULL DEFAULT '', token_scope text NOT NULL DEFAULT '',
     sender_rule text NOT NULL DEFAULT 'verp' CHECK (sender_rule IN ('verp', 'from', 'fixed')),
     sender_address text NOT NULL DEFAULT '',
     connections int NOT NULL DEFAULT 5 CHECK (connections BETWEEN 1 AND 50),
     messages_per_connection int NOT NULL DEFAULT 100 CHECK (messages_per_connection BETWEEN 1 AND 10000),
     -- Mails a minute; 0: as many as it takes.
     per_minute int NOT NULL DEFAULT 0 CHECK (per_minute BETWEEN 0 AND 1000000),
     -- From domains that may leave by it; none: all.
     from_domains text[] NOT NULL DEFAULT '{}',
     place int NOT NULL,
     enabled boolean NOT NULL DEFAULT true,
     created_at timestamptz NOT NULL, changed_at timestamptz NOT NULL,
     -- What the last try to reach it said, for the page; '' when it worked.
     tried_at timestamptz, trouble text NOT NULL DEFAULT '',
     CHECK ((auth = 'none') = (sealed IS NULL)),
     PRIMARY KEY (brand_id, id))`,
  ...wallAround('relays'),
];

const pauses = [
  // By way and provider and not by brand: a provider judges the machine that mails come from, whoever wrote them.
  `CREATE TABLE provider_pauses (
     way text NOT NULL, provider text NOT NULL,
     since timestamptz NOT NULL, until timestamptz NOT NULL, why text NOT NULL,
     -- Recipient domains that are known to be the provider's.
     domains text[] NOT NULL,
     PRIMARY KEY (way, provider))`,
  `CREATE INDEX provider_pauses_until ON provider_pauses (until)`,
  `GRANT SELECT, INSERT, UPDATE, DELETE ON provider_pauses TO canvass_app`,
];
