import { Migration } from '@mikro-orm/migrations';

/**
 * All links of a distribution point at one survey and one distribution, and each message at the link that the same
 * statement made: three questions a recipient with one answer for all, a third of the time of planning. Surveys and
 * distributions are hidden, never deleted; planning holds the distribution's row and has looked at the survey.
 */
export class Migration20261123001045_planning_references extends Migration {
  override up(): void {
    this.addSql('ALTER TABLE links DROP CONSTRAINT links_brand_id_survey_id_fkey');
    this.addSql('ALTER TABLE links DROP CONSTRAINT links_brand_id_distribution_id_fkey');
    this.addSql('ALTER TABLE messages DROP CONSTRAINT messages_brand_id_link_id_fkey');
  }
}
