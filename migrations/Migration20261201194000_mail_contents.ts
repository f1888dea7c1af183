import { Migration } from '@mikro-orm/migrations';
import { overTheWalls, wallAround } from './brand_tables.js';

/**
 * What a mail says leaves the row of its distribution, which is written again and again while it is sent: one row in a table
 * of its own, none where links are only made. The distribution keeps what others know of any content: its first line and
 * what tells that two say the same.
 */
export class Migration20261201194000_mail_contents extends Migration {
  override up(): void {
    for (const statement of [...table, ...overTheWalls(['distributions'], moved), ...left]) {
      this.addSql(statement);
    }
  }
}

const table = [
  `CREATE TABLE mail_contents (
     brand_id bigint NOT NULL, distribution_id bigint NOT NULL,
     from_name text NOT NULL DEFAULT '', from_email text NOT NULL DEFAULT '', reply_to text NOT NULL DEFAULT '',
     subject text NOT NULL DEFAULT '', preheader text NOT NULL DEFAULT '',
     body_html text NOT NULL DEFAULT '', body_text text NOT NULL DEFAULT '',
     -- Of the words above; the same mail in other languages, by language.
     language text NOT NULL DEFAULT '', versions jsonb NOT NULL DEFAULT '{}',
     design text NOT NULL DEFAULT 'plain' CHECK (design IN ('plain', 'brand')),
     counts_opens boolean NOT NULL DEFAULT false,
     library_message_id bigint,
     PRIMARY KEY (brand_id, distribution_id))`,
];

const WORDS = `from_name, from_email, reply_to, subject, preheader, body_html, body_text, language, versions, design, counts_opens,
  library_message_id`;

const moved = [
  `INSERT INTO mail_contents (brand_id, distribution_id, ${WORDS})
   SELECT brand_id, id, ${WORDS} FROM distributions WHERE channel = 'email'`,
  // Looked at once for all rows, and not with each.
  `ALTER TABLE mail_contents ADD FOREIGN KEY (brand_id, distribution_id)
     REFERENCES distributions (brand_id, id) ON DELETE CASCADE`,
  // Writing the first lines of all rows would write the rows, and their words with them: they are renamed instead.
  `ALTER TABLE distributions ALTER COLUMN content_key DROP EXPRESSION`,
  `ALTER TABLE distributions RENAME COLUMN subject TO heading`,
];

const left = [
  ...wallAround('mail_contents'),
  `ALTER TABLE distributions DROP COLUMN from_name, DROP COLUMN from_email, DROP COLUMN reply_to, DROP COLUMN preheader,
     DROP COLUMN body_html, DROP COLUMN body_text, DROP COLUMN language, DROP COLUMN versions, DROP COLUMN design,
     DROP COLUMN counts_opens, DROP COLUMN library_message_id`,
  `ANALYZE mail_contents`,
];
