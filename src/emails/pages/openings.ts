import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { Ids } from '../../platform/ids.js';
import { Jobs } from '../../platform/queue/jobs.js';
import { foldResponses } from '../../ledger/distribution.jobs.js';

/**
 * Mails that were opened, as their invisible picture tells. The first time is written into the outbox and folded into
 * the ledger like an opened link; later ones, strangers' tokens and surveys that are anonymous by now write nothing.
 */
@Injectable()
export class Openings {
  constructor(
    private readonly database: Database,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
  ) {}

  async record(token: string): Promise<void> {
    const linkId = this.ids.readToken('open', token);
    if (linkId === undefined) {
      return;
    }
    const [found] = await this.database.outsideBrands((unit) =>
      unit.prepared<{ brand_id: string }>('find-link', 'SELECT brand_id FROM find_link($1)', [linkId]),
    );
    if (found !== undefined) {
      await this.write(found.brand_id, linkId);
    }
  }

  private async write(brandId: string, linkId: string): Promise<void> {
    const written = await this.database.inBrand(brandId, (unit) =>
      unit.run(
        `INSERT INTO response_outbox (brand_id, kind, survey_id, channel, link_id, distribution_id, at)
         SELECT m.brand_id, 'opened', m.survey_id, d.channel, m.link_id, d.id, $2 FROM messages m
         JOIN distributions d ON d.brand_id = m.brand_id AND d.id = m.distribution_id
         JOIN mail_contents c ON c.brand_id = d.brand_id AND c.distribution_id = d.id AND c.counts_opens
         JOIN surveys s ON s.brand_id = m.brand_id AND s.id = m.survey_id AND (s.options ->> 'anonymize') IS DISTINCT FROM 'true'
         WHERE m.link_id = $1 AND m.opened_at IS NULL AND m.wire_at IS NOT NULL
           AND NOT EXISTS (SELECT FROM response_outbox o WHERE o.link_id = $1 AND o.kind = 'opened') LIMIT 1`,
        [linkId, this.clock.now()],
      ),
    );
    if (written > 0) {
      this.jobs.later(foldResponses, { brandId });
    }
  }
}
