import { Migration } from '@mikro-orm/migrations';
import { wallAround } from './brand_tables.js';

/** Who was refused for what the sender is, or called a mail spam: a distribution pauses only when several were, at several providers. */
export class Migration20261130215000_evidence_of_several extends Migration {
  override up(): void {
    this.addSql(
      `CREATE TABLE distribution_evidence (
         brand_id bigint NOT NULL, distribution_id bigint NOT NULL,
         kind text NOT NULL CHECK (kind IN ('sender', 'reputation', 'content', 'complaint')),
         message_id bigint NOT NULL, domain text NOT NULL,
         -- What our own try heard, or what a mail said later: anybody who got a mail can write one.
         source text NOT NULL CHECK (source IN ('wire', 'report')), at timestamptz NOT NULL,
         PRIMARY KEY (brand_id, distribution_id, kind, message_id),
         FOREIGN KEY (brand_id, distribution_id) REFERENCES distributions ON DELETE CASCADE)`,
    );
    wallAround('distribution_evidence').forEach((sql) => this.addSql(sql));
    this.addSql(
      `ALTER TABLE distribution_alerts
         -- Who said the latest words: a server, or '@' and the domain of the recipient whom a report is about.
         ADD COLUMN said_by text NOT NULL DEFAULT '',
         -- When the distribution was paused for it: it is not paused for it again.
         ADD COLUMN paused_at timestamptz`,
    );
    this.addSql(
      `ALTER TABLE distributions DROP CONSTRAINT distributions_pause_reason_check,
         ADD CONSTRAINT distributions_pause_reason_check
           CHECK (pause_reason IN ('bounces', 'complaints', 'sender', 'reputation', 'content'))`,
    );
  }
}
