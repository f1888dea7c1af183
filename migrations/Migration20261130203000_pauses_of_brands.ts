import { Migration } from '@mikro-orm/migrations';

/** A brand leaves a provider alone for itself; all do when several brands were refused. */
export class Migration20261130203000_pauses_of_brands extends Migration {
  override up(): void {
    // They were everybody's after one answer, and last two hours at most.
    this.addSql('DELETE FROM provider_pauses');
    this.addSql(
      `ALTER TABLE provider_pauses
         -- The brand whose mails wait; 0: everybody's. No brand's own table: all processes must know all pauses.
         ADD COLUMN for_brand bigint NOT NULL,
         DROP CONSTRAINT provider_pauses_pkey, ADD PRIMARY KEY (way, provider, for_brand)`,
    );
  }
}
