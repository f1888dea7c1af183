import { Migration } from '@mikro-orm/migrations';
import { finder, wallAround } from './brand_tables.js';

/** Pictures of surveys that stood at other hosts: each address once a brand, each content once a brand. */
export class Migration20261130180500_survey_pictures extends Migration {
  override up(): void {
    [...files, ...pictures].forEach((statement) => this.addSql(statement));
  }
}

const files = [
  `CREATE TABLE survey_picture_files (
     brand_id bigint NOT NULL REFERENCES brands, sha bytea NOT NULL,
     type text NOT NULL CHECK (type IN ('image/png', 'image/jpeg', 'image/gif', 'image/webp')),
     bytes int NOT NULL, width int NOT NULL, height int NOT NULL, content bytea NOT NULL, created_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, sha))`,
  `ALTER TABLE survey_picture_files ALTER COLUMN content SET STORAGE EXTERNAL`,
  ...wallAround('survey_picture_files'),
];

const pictures = [
  `CREATE TABLE survey_pictures (
     brand_id bigint NOT NULL REFERENCES brands,
     -- Computed from the address with the installation's key; it is the name under which the picture is served.
     key text NOT NULL,
     -- 'data:' where the picture stood in the text itself.
     address text NOT NULL,
     state text NOT NULL CHECK (state IN ('wanted', 'kept', 'failed')),
     why text NOT NULL DEFAULT '', attempts int NOT NULL DEFAULT 0, due_at timestamptz, sha bytea,
     created_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, key),
     CHECK ((state = 'kept') = (sha IS NOT NULL)),
     FOREIGN KEY (brand_id, sha) REFERENCES survey_picture_files)`,
  `CREATE UNIQUE INDEX survey_pictures_by_key ON survey_pictures (key)`,
  `CREATE INDEX survey_pictures_due ON survey_pictures (due_at) WHERE state = 'wanted'`,
  ...wallAround('survey_pictures'),
  ...finder(
    'find_survey_picture(picture text)',
    'TABLE (brand_id bigint)',
    { survey_pictures: 'brand_id, key, state, due_at' },
    'SELECT brand_id FROM survey_pictures WHERE key = picture',
  ),
  ...finder(
    'find_brands_with_pictures_due(at timestamptz)',
    'TABLE (brand_id bigint)',
    {},
    `SELECT DISTINCT brand_id FROM survey_pictures WHERE state = 'wanted' AND due_at <= at`,
  ),
];
