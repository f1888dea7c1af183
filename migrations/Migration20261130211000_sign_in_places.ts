import { Migration } from '@mikro-orm/migrations';

/** Browsers and networks that an account was signed in from: strangers' wrong tries make nobody wait there. */
export class Migration20261130211000_sign_in_places extends Migration {
  override up(): void {
    // Hashes of what was typed as e-mail and of the place: the table names nobody, and knows no brand.
    this.addSql(
      `CREATE TABLE sign_in_places (
         account bytea NOT NULL, place bytea NOT NULL, seen_at timestamptz NOT NULL, PRIMARY KEY (account, place))`,
    );
    this.addSql(`CREATE INDEX sign_in_places_seen_at ON sign_in_places (seen_at)`);
    this.addSql(`GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_places TO canvass_app`);
  }
}
