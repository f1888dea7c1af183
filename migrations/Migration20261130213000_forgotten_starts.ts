import { Migration } from '@mikro-orm/migrations';
import { finder } from './brand_tables.js';

/** Walks of nobody in which nothing was answered are forgotten long before their time: an open link takes very many. */
export class Migration20261130213000_forgotten_starts extends Migration {
  override up(): void {
    for (const statement of forgottenStarts) {
      this.addSql(statement);
    }
  }
}

const forgottenStarts = [
  `ALTER TABLE sessions ADD COLUMN forget_at timestamptz`,
  `CREATE INDEX sessions_to_drop ON sessions (forget_at) WHERE forget_at IS NOT NULL`,
  ...finder(
    'find_brands_with_forgotten_sessions(now timestamptz)',
    'TABLE (brand_id bigint)',
    { sessions: 'brand_id, id, survey_id, state, status, expires_at, is_anonymous, forget_at' },
    'SELECT DISTINCT brand_id FROM sessions WHERE forget_at < now',
  ),
];
