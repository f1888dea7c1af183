import { Migration } from '@mikro-orm/migrations';

/**
 * What happened to a walk is told of every channel, with or without a link and a distribution. One function holds the list
 * of channels, as `links/channels.ts` does; a later migration replaces it. Rows of before, which last seconds, name their
 * link and nothing else.
 */
export class Migration20261201170500_any_channel extends Migration {
  override up(): void {
    for (const statement of statements) {
      this.addSql(statement);
    }
  }
}

const statements = [
  `CREATE FUNCTION is_channel(name text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
     AS $$ SELECT name IN ('email', 'gl', 'anonymous', 'qr', 'social') $$`,
  `ALTER TABLE response_outbox ALTER COLUMN link_id DROP NOT NULL,
     ADD COLUMN survey_id bigint, ADD COLUMN distribution_id bigint, ADD COLUMN channel text,
     ADD CONSTRAINT response_outbox_channel CHECK (is_channel(channel)),
     ADD CONSTRAINT response_outbox_whence CHECK (link_id IS NOT NULL OR (survey_id IS NOT NULL AND channel IS NOT NULL))`,
];
