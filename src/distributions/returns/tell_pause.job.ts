import { Injectable } from '@nestjs/common';
import { escapeHtml } from '../../surveys/engine/text.js';
import { MailerService } from '../../mailer/mailer.service.js';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/config.js';
import { Database } from '../../platform/db/database.js';
import { Ids } from '../../platform/ids.js';
import { type Performs, PerformsJob } from '../../platform/queue/jobs.js';
import type { DistributionKey } from '../distributions.jobs.js';
import { tellPause } from './returns.jobs.js';

/** When a distribution was paused by itself: its owner is told. At most once more than once, when a process dies between. */
@PerformsJob(tellPause)
@Injectable()
export class TellPauseJob implements Performs<DistributionKey> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly ids: Ids,
    private readonly mailer: MailerService,
  ) {}

  async perform({ brandId, distributionId }: DistributionKey): Promise<void> {
    const [paused] = await this.database.inBrand(brandId, (unit) =>
      unit.sql<{ email: string; title: string; words: string; surveyId: string }>(
        `SELECT u.email, coalesce(nullif(d.name, ''), d.subject) AS title, coalesce(d.error_text, '') AS words, d.survey_id AS "surveyId"
         FROM distributions d JOIN users u ON u.brand_id = d.brand_id AND u.id = d.owner_id
         WHERE d.id = $1 AND d.pause_reason IS NOT NULL AND d.pause_told_at IS NULL`,
        [distributionId],
      ),
    );
    if (paused === undefined) {
      return;
    }
    const url = `${this.config.baseUrl}/surveys/${this.ids.show('SV', paused.surveyId)}/distributions/emails/${this.ids.show('EMD', distributionId)}`;
    await this.mailer.sendSystemMail(
      brandId,
      { address: paused.email },
      {
        subject: `Paused: ${paused.title}`.slice(0, 300),
        html: `<p>${escapeHtml(paused.words)}</p><p><a href="${escapeHtml(url)}">Look at the distribution</a></p>`,
      },
    );
    await this.database.inBrand(brandId, (unit) =>
      unit.run('UPDATE distributions SET pause_told_at = $2 WHERE id = $1', [distributionId, this.clock.now()]),
    );
  }

  due(): Promise<DistributionKey[]> {
    return this.database.outsideBrands((unit) =>
      unit.sql('SELECT brand_id AS "brandId", distribution_id AS "distributionId" FROM find_pauses_to_tell()'),
    );
  }
}
