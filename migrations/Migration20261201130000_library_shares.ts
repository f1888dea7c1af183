import { Migration } from '@mikro-orm/migrations';
import { wallAround } from './brand_tables.js';

/** Folders of the library, and messages shared with some people or divisions instead of with the whole brand. */
export class Migration20261201130000_library_shares extends Migration {
  override up(): void {
    for (const statement of statements) {
      this.addSql(statement);
    }
  }
}

const statements = [
  `ALTER TABLE library_messages ADD COLUMN folder text NOT NULL DEFAULT '' CHECK (length(folder) <= 100)`,
  `CREATE TABLE library_shares (
     brand_id bigint NOT NULL REFERENCES brands ON DELETE CASCADE, id bigint GENERATED ALWAYS AS IDENTITY,
     message_id bigint NOT NULL,
     -- One of the two: a person, or everybody of a division, whoever that is by then.
     user_id bigint, division_id bigint,
     shared_by bigint NOT NULL, shared_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, id), CHECK (num_nonnulls(user_id, division_id) = 1),
     UNIQUE NULLS NOT DISTINCT (brand_id, message_id, user_id, division_id),
     FOREIGN KEY (brand_id, message_id) REFERENCES library_messages ON DELETE CASCADE,
     FOREIGN KEY (brand_id, user_id) REFERENCES users ON DELETE CASCADE,
     FOREIGN KEY (brand_id, division_id) REFERENCES divisions ON DELETE CASCADE)`,
  `CREATE INDEX library_shares_of_person ON library_shares (brand_id, user_id) WHERE user_id IS NOT NULL`,
  `CREATE INDEX library_shares_of_division ON library_shares (brand_id, division_id) WHERE division_id IS NOT NULL`,
  ...wallAround('library_shares'),
];
