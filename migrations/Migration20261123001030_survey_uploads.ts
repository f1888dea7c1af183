import { Migration } from '@mikro-orm/migrations';
import { wallAround } from './brand_tables.js';

/** Survey files between their upload and *Save*: what was read from them and the report that is shown before saving. */
export class Migration20261123001030_survey_uploads extends Migration {
  override up(): void {
    for (const statement of uploads) {
      this.addSql(statement);
    }
  }
}

const uploads = [
  `CREATE TABLE survey_uploads (
     brand_id bigint NOT NULL REFERENCES brands, id uuid NOT NULL, owner_id bigint NOT NULL,
     file_name text NOT NULL, name text NOT NULL, definition jsonb NOT NULL, options jsonb NOT NULL, report jsonb NOT NULL,
     created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, id),
     FOREIGN KEY (brand_id, owner_id) REFERENCES users ON DELETE CASCADE)`,
  `CREATE INDEX survey_uploads_expiry ON survey_uploads (brand_id, expires_at)`,
  ...wallAround('survey_uploads'),
];
