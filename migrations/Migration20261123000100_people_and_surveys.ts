import { Migration } from '@mikro-orm/migrations';
import { finder, wallAround } from './brand_tables.js';

/** Contacts, lists, imports, surveys, versions and shares. */
export class Migration20261123000100_people_and_surveys extends Migration {
  override up(): void {
    for (const statement of [...contacts, ...imports, ...surveys, ...finders]) {
      this.addSql(statement);
    }
  }
}

const contacts = [
  `CREATE TABLE contact_lists (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     owner_id bigint NOT NULL, name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
     -- Kept by the statements that add and remove members: a page never counts a million rows.
     contact_count int NOT NULL DEFAULT 0,
     created_at timestamptz NOT NULL, modified_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, id), FOREIGN KEY (brand_id, owner_id) REFERENCES users)`,
  ...wallAround('contact_lists'),
  `CREATE TABLE contacts (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     first_name text NOT NULL DEFAULT '', last_name text NOT NULL DEFAULT '',
     email text NOT NULL DEFAULT '', phone text NOT NULL DEFAULT '', ext_ref text NOT NULL DEFAULT '',
     language text NOT NULL DEFAULT '', time_zone text NOT NULL DEFAULT '',
     embedded jsonb NOT NULL DEFAULT '{}',
     -- What makes two entries one person: the address in lower case, else the reference; null never matches.
     match_key text GENERATED ALWAYS AS (CASE WHEN email <> '' THEN 'e:' || lower(email) WHEN ext_ref <> '' THEN 'r:' || ext_ref END) STORED,
     opted_out_at timestamptz, opted_out_by text,
     created_at timestamptz NOT NULL, modified_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, id))`,
  `CREATE UNIQUE INDEX contacts_match_key ON contacts (brand_id, match_key)`,
  ...wallAround('contacts'),
  `CREATE TABLE contact_list_members (
     brand_id bigint NOT NULL, list_id bigint NOT NULL, contact_id bigint NOT NULL,
     embedded jsonb NOT NULL DEFAULT '{}', opted_out_at timestamptz, opted_out_by text, added_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, list_id, contact_id),
     FOREIGN KEY (brand_id, list_id) REFERENCES contact_lists ON DELETE CASCADE,
     FOREIGN KEY (brand_id, contact_id) REFERENCES contacts ON DELETE CASCADE)`,
  `CREATE INDEX contact_list_members_contact ON contact_list_members (brand_id, contact_id)`,
  ...wallAround('contact_list_members'),
  `CREATE TABLE suppressions (
     brand_id bigint NOT NULL REFERENCES brands, address_hash bytea NOT NULL, channel text NOT NULL DEFAULT 'email',
     reason text NOT NULL, evidence text NOT NULL DEFAULT '', created_at timestamptz NOT NULL, expires_at timestamptz,
     PRIMARY KEY (brand_id, channel, address_hash))`,
  ...wallAround('suppressions'),
];

const imports = [
  `CREATE TABLE contact_imports (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     owner_id bigint NOT NULL, list_id bigint NOT NULL, file_name text NOT NULL, file_path text NOT NULL, bytes bigint NOT NULL,
     shape jsonb NOT NULL DEFAULT '{}', mapping jsonb,
     status text NOT NULL CHECK (status IN ('mapping', 'queued', 'running', 'merging', 'done', 'cancelled', 'failed')),
     bytes_read bigint NOT NULL DEFAULT 0, rows_read int NOT NULL DEFAULT 0,
     created int NOT NULL DEFAULT 0, updated int NOT NULL DEFAULT 0, unchanged int NOT NULL DEFAULT 0,
     duplicates int NOT NULL DEFAULT 0, invalid int NOT NULL DEFAULT 0,
     error text, cancel_asked boolean NOT NULL DEFAULT false, heartbeat_at timestamptz,
     created_at timestamptz NOT NULL, started_at timestamptz, finished_at timestamptz,
     PRIMARY KEY (brand_id, id),
     FOREIGN KEY (brand_id, list_id) REFERENCES contact_lists ON DELETE CASCADE,
     FOREIGN KEY (brand_id, owner_id) REFERENCES users)`,
  `CREATE INDEX contact_imports_open ON contact_imports (status) WHERE status IN ('queued', 'running', 'merging')`,
  ...wallAround('contact_imports'),
  `CREATE TABLE contact_import_rejects (
     brand_id bigint NOT NULL, import_id bigint NOT NULL, line int NOT NULL,
     kind text NOT NULL, column_name text NOT NULL DEFAULT '', reason text NOT NULL, value text NOT NULL DEFAULT '', cells text[] NOT NULL,
     PRIMARY KEY (brand_id, import_id, line),
     FOREIGN KEY (brand_id, import_id) REFERENCES contact_imports ON DELETE CASCADE)`,
  ...wallAround('contact_import_rejects'),
  // COPY is refused on tables with row-level security, so rows land here first. Rows are keyed by import; only the
  // import's own set-based merge reads them, and it filters by the import that it runs.
  `CREATE UNLOGGED TABLE contact_import_staging (
     import_id bigint NOT NULL, line int NOT NULL, contact_id bigint,
     first_name text, last_name text, email text, phone text, ext_ref text, language text, time_zone text,
     unsubscribed text, embedded jsonb)`,
  `CREATE INDEX contact_import_staging_import ON contact_import_staging (import_id)`,
  `GRANT SELECT, INSERT, UPDATE, DELETE ON contact_import_staging TO canvass_app`,
];

const surveys = [
  `CREATE TABLE surveys (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     owner_id bigint NOT NULL, name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
     stage text NOT NULL DEFAULT 'new' CHECK (stage IN ('new', 'active', 'paused')),
     draft jsonb NOT NULL, draft_number int NOT NULL DEFAULT 1, published_version_id bigint, published_draft_number int,
     options jsonb NOT NULL DEFAULT '{}', import_report jsonb,
     inactive_message text NOT NULL DEFAULT '',
     pause_choice text NOT NULL DEFAULT 'finish' CHECK (pause_choice IN ('finish', 'record', 'discard')),
     available_from timestamptz, available_until timestamptz, time_zone text NOT NULL DEFAULT 'UTC',
     created_at timestamptz NOT NULL, modified_at timestamptz NOT NULL, activated_at timestamptz, deleted_at timestamptz,
     PRIMARY KEY (brand_id, id), FOREIGN KEY (brand_id, owner_id) REFERENCES users)`,
  `CREATE INDEX surveys_modified ON surveys (brand_id, modified_at DESC, id DESC) WHERE deleted_at IS NULL`,
  ...wallAround('surveys'),
  `CREATE TABLE survey_versions (
     brand_id bigint NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, survey_id bigint NOT NULL, number int NOT NULL,
     definition jsonb NOT NULL, published_by bigint, published_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, id), UNIQUE (brand_id, survey_id, number),
     FOREIGN KEY (brand_id, survey_id) REFERENCES surveys ON DELETE CASCADE)`,
  ...wallAround('survey_versions', 'brand_id', 'SELECT, INSERT, DELETE'),
  `CREATE TABLE survey_shares (
     brand_id bigint NOT NULL, survey_id bigint NOT NULL, user_id bigint NOT NULL,
     can_edit boolean NOT NULL DEFAULT false, can_view_reports boolean NOT NULL DEFAULT false,
     can_activate boolean NOT NULL DEFAULT false, can_copy boolean NOT NULL DEFAULT false,
     can_distribute boolean NOT NULL DEFAULT false, shared_by bigint NOT NULL, shared_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, survey_id, user_id),
     FOREIGN KEY (brand_id, survey_id) REFERENCES surveys ON DELETE CASCADE,
     FOREIGN KEY (brand_id, user_id) REFERENCES users ON DELETE CASCADE)`,
  `CREATE INDEX survey_shares_user ON survey_shares (brand_id, user_id)`,
  ...wallAround('survey_shares'),
];

const finders = [
  ...finder(
    'find_survey(wanted bigint)',
    'TABLE (brand_id bigint, survey_id bigint)',
    { surveys: 'brand_id, id' },
    'SELECT brand_id, id FROM surveys WHERE id = wanted',
  ),
  `CREATE UNIQUE INDEX surveys_by_id ON surveys (id)`,
  ...finder(
    'find_open_imports()',
    'TABLE (brand_id bigint, import_id bigint)',
    { contact_imports: 'brand_id, id, status' },
    `SELECT brand_id, id FROM contact_imports WHERE status IN ('queued', 'running', 'merging')`,
  ),
];
