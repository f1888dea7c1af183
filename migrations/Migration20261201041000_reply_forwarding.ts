import { Migration } from '@mikro-orm/migrations';
import { wallAround } from './brand_tables.js';

/** What of people's replies is sent on to the authors of mails; a brand without a row has its design, and no files. */
export class Migration20261201041000_reply_forwarding extends Migration {
  override up(): void {
    for (const statement of statements) {
      this.addSql(statement);
    }
  }
}

const statements = [
  `CREATE TABLE reply_forwardings (
     brand_id bigint PRIMARY KEY REFERENCES brands,
     carries text NOT NULL CHECK (carries IN ('text', 'html', 'files')))`,
  ...wallAround('reply_forwardings'),
];
