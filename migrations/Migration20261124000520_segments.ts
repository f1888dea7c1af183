import { Migration } from '@mikro-orm/migrations';
import { wallAround } from './brand_tables.js';

/** Segments: conditions on contacts under a name, asked anew each time. */
export class Migration20261124000520_segments extends Migration {
  override up(): void {
    for (const statement of segments) {
      this.addSql(statement);
    }
  }
}

const segments = [
  `CREATE TABLE segments (
     brand_id bigint NOT NULL REFERENCES brands, id bigint GENERATED ALWAYS AS IDENTITY,
     owner_id bigint NOT NULL, name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
     -- { match: 'all' | 'any', conditions: [{ field, name, operator, value }] }
     tree jsonb NOT NULL CHECK (jsonb_array_length(tree -> 'conditions') BETWEEN 1 AND 10 AND tree ->> 'match' IN ('all', 'any')),
     created_at timestamptz NOT NULL, modified_at timestamptz NOT NULL,
     PRIMARY KEY (brand_id, id), FOREIGN KEY (brand_id, owner_id) REFERENCES users)`,
  ...wallAround('segments'),
];
