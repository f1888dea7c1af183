import { Migration } from '@mikro-orm/migrations';
import { wallAround } from './brand_tables.js';

/** How often each of the things that are shown evenly was shown, so that the next walk draws the least shown. */
export class Migration20261130181500_draw_counts extends Migration {
  override up(): void {
    for (const statement of drawCounts) {
      this.addSql(statement);
    }
  }
}

const drawCounts = [
  `CREATE TABLE draw_counts (
     brand_id bigint NOT NULL REFERENCES brands, survey_id bigint NOT NULL,
     -- which even choice, by what it holds: a survey that is published with new words goes on counting
     counter text NOT NULL CHECK (length(counter) BETWEEN 1 AND 200),
     -- { arm: times }
     shown jsonb NOT NULL DEFAULT '{}',
     PRIMARY KEY (brand_id, survey_id, counter), FOREIGN KEY (brand_id, survey_id) REFERENCES surveys)`,
  ...wallAround('draw_counts'),
];
