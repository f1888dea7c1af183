import { Injectable } from '@nestjs/common';
import { PermissionsService } from '../brands/permissions.service.js';
import { Clock } from '../platform/clock.js';
import type { Unit } from '../platform/db/database.js';
import { Views } from '../platform/web/views.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { isEnd, reasonKey } from '../ledger/reasons.js';
import { ChannelContents } from './channel_content.js';
import { errorIf, type Finding } from './finding.js';
import type { Outlook } from './outlooks.sql.js';
import { refusalFor } from './refusal.js';
import { invitationFault } from './follow_up_checks.js';

interface Circumstances {
  brand_status: string;
  postal_address: string;
  owner_status: string;
  owner_expires_at: Date | null;
  survey_owner_id: string | null;
  survey_deleted_at: Date | null;
  stage: string;
  available_until: Date | null;
  can_distribute: boolean;
  list_exists: boolean;
  audience_exists: boolean;
  segment_exists: boolean;
}

/** Everything that is looked at before a distribution may go, each with its code, its cause and its remedy in words. */
@Injectable()
export class SendingChecks {
  constructor(
    private readonly clock: Clock,
    private readonly permissions: PermissionsService,
    private readonly views: Views,
    private readonly contents: ChannelContents,
  ) {}

  async findings(unit: Unit, distribution: Distribution): Promise<Finding[]> {
    const around = await circumstances(unit, distribution);
    return [
      ...this.brandAndPeople(around),
      ...(await this.rights(unit, distribution, around)),
      ...this.survey(distribution, around),
      ...(distribution.parentId === null ? audience(distribution, around) : await this.invitation(unit, distribution)),
      ...(await this.content(unit, distribution, around)),
    ];
  }

  /** @throws the refusal of the first error, with its code */
  async mustPass(unit: Unit, distribution: Distribution): Promise<void> {
    const error = (await this.findings(unit, distribution)).find(({ level }) => level === 'error');
    if (error !== undefined) {
      throw refusalFor(error.code, this.words(error));
    }
  }

  /** Cause and remedy of a finding, two sentences. */
  words({ code, words: key = code, values = {} }: Finding): string {
    const { words } = this.views;
    const version = values['version'] === undefined ? '' : `${words.t('distributions.checks.inVersion', values)} `;
    return `${version}${words.t(`distributions.finding.${key}.cause`, values)} ${words.t(`distributions.finding.${key}.remedy`, values)}`;
  }

  /**
   * Whom a distribution without anybody to write to leaves out, with how many for each reason, the commonest first. It is kept
   * with the distribution for whoever looks at it, so it names no end: how somebody ended says what they answered.
   */
  nobodyLeft(skipped: Outlook['skipped']): string {
    const { words } = this.views;
    if (skipped.length === 0) {
      return this.words({ code: 'CVS04', words: 'CVS04_nobody', level: 'error' });
    }
    const counted = new Map<string, number>();
    for (const { reason, n } of skipped) {
      const told = isEnd(reason) ? 'ended' : reason;
      counted.set(told, (counted.get(told) ?? 0) + n);
    }
    const reasons = [...counted].map(([reason, n]) => {
      const { key, values } = reasonKey(reason);
      const why = `distributions.reason.${key}`;
      return `${n.toLocaleString('en')}: ${words.exists(why) ? words.t(why, values) : reason}`;
    });
    return this.words({ code: 'CVS04', level: 'error', values: { reasons: reasons.join('; ') } });
  }

  /** Gives a new distribution something to say, where its channel says anything. */
  begin(distribution: Distribution): void {
    this.contents.of(distribution)?.begin(distribution);
  }

  /** The host that the names of its messages end in, whether they leave or not. */
  idDomain(distribution: Distribution): string {
    return this.contents.of(distribution)?.idDomain(distribution) ?? 'links.invalid';
  }

  /** Fields of contacts that its messages print as they are. */
  printedFields(distribution: Distribution): string[] {
    return this.contents.of(distribution)?.printedFields(distribution) ?? [];
  }

  /** Whether the survey keeps it from going: nobody can answer now. Thank-yous need no answer. */
  async isSurveyPaused(unit: Unit, { surveyId, requestType }: Distribution): Promise<boolean> {
    if (requestType === 'ThankYou') {
      return false;
    }
    const [survey] = await unit.sql<{ stage: string }>(
      'SELECT stage FROM surveys WHERE id = $1 AND deleted_at IS NULL',
      [surveyId],
    );
    return survey?.stage === 'paused';
  }

  private async content(unit: Unit, distribution: Distribution, around: Circumstances): Promise<Finding[]> {
    const yardstick = { postalAddress: around.postal_address };
    return (await this.contents.of(distribution)?.findings(unit, distribution, yardstick)) ?? [];
  }

  private async invitation(unit: Unit, distribution: Distribution): Promise<Finding[]> {
    const fault = await invitationFault(unit, distribution, this.clock.now());
    return fault === undefined ? [] : errorIf(fault, true);
  }

  private brandAndPeople({ brand_status, owner_status, owner_expires_at }: Circumstances): Finding[] {
    const hasLeft = owner_status === 'disabled' || (owner_expires_at !== null && owner_expires_at <= this.clock.now());
    return [...errorIf('EQD01', brand_status !== 'active'), ...errorIf('EQD10', hasLeft)];
  }

  private async rights(unit: Unit, { ownerId, channel }: Distribution, around: Circumstances): Promise<Finding[]> {
    const permissions = await this.permissions.ofIn(unit, ownerId);
    const maySend = permissions.has('distributions:send') && (channel === 'gl' || permissions.has('mailer:access'));
    const hasAccess = around.survey_owner_id === ownerId || around.can_distribute || permissions.has('brand:admin');
    return [...errorIf('EQD02', !maySend), ...errorIf('EQD06', around.survey_owner_id !== null && !hasAccess)];
  }

  private survey({ linkExpiresAt, linkType, requestType }: Distribution, around: Circumstances): Finding[] {
    const now = this.clock.now();
    if (around.survey_owner_id === null || around.survey_deleted_at !== null) {
      return errorIf('EQD12', true);
    }
    const isOver = around.available_until !== null && around.available_until <= now;
    // Whoever has finished is thanked also when the survey takes no answers any more.
    const isClosed = requestType === 'ThankYou' ? around.stage === 'new' : isOver || around.stage !== 'active';
    const isExpired = linkType !== 'Anonymous' && linkExpiresAt !== null && linkExpiresAt <= now;
    return [...errorIf('EQD09', isClosed), ...errorIf('EQD15', isExpired)];
  }
}

function audience(
  { audience: { listId, contactId, segmentId } }: Distribution,
  { list_exists, audience_exists, segment_exists }: Circumstances,
): Finding[] {
  if (segmentId !== null) {
    return errorIf('EQD11', !segment_exists);
  }
  const isGone = (listId !== null && !list_exists) || (listId === null && contactId === null) || !audience_exists;
  return errorIf('EQD11', isGone);
}

async function circumstances(unit: Unit, distribution: Distribution): Promise<Circumstances> {
  const {
    ownerId,
    surveyId,
    audience: { listId, contactId, segmentId },
  } = distribution;
  return unit.one<Circumstances>(
    `SELECT b.status AS brand_status, b.postal_address, u.status AS owner_status, u.expires_at AS owner_expires_at,
       s.owner_id AS survey_owner_id, s.deleted_at AS survey_deleted_at, coalesce(s.stage, 'new') AS stage, s.available_until,
       coalesce(h.can_distribute, false) AS can_distribute,
       EXISTS (SELECT FROM contact_lists l WHERE l.id = $3) AS list_exists,
       EXISTS (SELECT FROM segments g WHERE g.id = $5) AS segment_exists,
       CASE WHEN $4::bigint IS NOT NULL THEN EXISTS (SELECT FROM contacts c WHERE c.id = $4 AND ($3::bigint IS NULL
              OR EXISTS (SELECT FROM contact_list_members m WHERE m.list_id = $3 AND m.contact_id = $4)))
            ELSE EXISTS (SELECT FROM contact_list_members m WHERE m.list_id = $3) END AS audience_exists
     FROM users u JOIN brands b ON b.id = u.brand_id
     LEFT JOIN surveys s ON s.brand_id = u.brand_id AND s.id = $2
     LEFT JOIN survey_shares h ON h.brand_id = u.brand_id AND h.survey_id = $2 AND h.user_id = u.id
     WHERE u.id = $1`,
    [ownerId, surveyId, listId, contactId, segmentId],
  );
}
