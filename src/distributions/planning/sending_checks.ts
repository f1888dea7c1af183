import { Injectable } from '@nestjs/common';
import { getDomain } from 'tldts';
import { PermissionsService } from '../../brands/permissions.service.js';
import { DomainsService } from '../../mailer/domains/domains.service.js';
import { Clock } from '../../platform/clock.js';
import type { Unit } from '../../platform/db/database.js';
import { wireAddress } from '../../platform/email_address.js';
import { Views } from '../../platform/web/views.js';
import { Config } from '../../platform/config.js';
import type { Distribution } from '../distribution.entity.js';
import { isEnd, reasonKey } from '../audiences/reasons.js';
import type { Outlook } from './outlooks.sql.js';
import { refusalFor } from './refusal.js';
import { invitationFault } from '../follow_ups/follow_up_checks.js';
import { type Finding, headerFindings } from '../mails/content_checks.js';
import { MailMakings } from '../mails/mail_makings.service.js';
import { nameFindings } from '../mails/sender_name.js';
import { MailPlaceholders } from '../mails/mail_placeholders.js';
import { allVersions } from '../mails/mail_versions.js';
import { VersionChecks } from '../mails/version_checks.service.js';

export type { Finding } from '../mails/content_checks.js';

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
  has_library_message: boolean;
}

const EMBEDDED_SAMPLE = 1000;

/** Parts that the checks need beside the others. */
@Injectable()
export class CheckSurroundings {
  constructor(
    readonly makings: MailMakings,
    readonly versions: VersionChecks,
    readonly config: Config,
  ) {}
}

/** Everything that is looked at before a distribution may go, each with its code, its cause and its remedy in words. */
@Injectable()
export class SendingChecks {
  constructor(
    private readonly clock: Clock,
    private readonly domains: DomainsService,
    private readonly permissions: PermissionsService,
    private readonly views: Views,
    private readonly parts: CheckSurroundings,
  ) {}

  async findings(unit: Unit, distribution: Distribution): Promise<Finding[]> {
    const around = await circumstances(unit, distribution);
    return [
      ...this.brandAndPeople(around),
      ...(await this.rights(distribution, around)),
      ...this.survey(distribution, around),
      ...(distribution.parentId === null ? audience(distribution, around) : await this.invitation(unit, distribution)),
      ...(distribution.channel === 'email' ? await this.mail(unit, distribution, around) : []),
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

  /** Message-IDs are on the From domain, in ASCII. */
  fromDomain({ fromEmail, channel }: Distribution): string {
    const domain = fromEmail.slice(fromEmail.lastIndexOf('@') + 1);
    return channel === 'email' ? new URL(`http://${domain}`).hostname : 'links.invalid';
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

  private async invitation(unit: Unit, distribution: Distribution): Promise<Finding[]> {
    const fault = await invitationFault(unit, distribution, this.clock.now());
    return fault === undefined ? [] : errorIf(fault, true);
  }

  private brandAndPeople({ brand_status, owner_status, owner_expires_at }: Circumstances): Finding[] {
    const hasLeft = owner_status === 'disabled' || (owner_expires_at !== null && owner_expires_at <= this.clock.now());
    return [...errorIf('EQD01', brand_status !== 'active'), ...errorIf('EQD10', hasLeft)];
  }

  private async rights({ brandId, ownerId, channel }: Distribution, around: Circumstances): Promise<Finding[]> {
    const permissions = await this.permissions.of(brandId, ownerId);
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

  private async mail(unit: Unit, distribution: Distribution, around: Circumstances): Promise<Finding[]> {
    const { fromName, fromEmail, replyTo, subject } = distribution;
    const makings = await this.parts.makings.of(distribution);
    const { refusal } = makings;
    const why = refusal === undefined ? '' : this.views.words.t(`distributions.inline.refusal.${refusal}`);
    return [
      ...errorIf('EQD13', !around.has_library_message),
      ...(await this.parts.versions.findings(unit, distribution, makings, around.postal_address)),
      ...headerFindings({ fromName, fromEmail, replyTo, subject }),
      ...nameFindings({ fromName, fromEmail }),
      ...(await this.from(distribution)),
      ...(await this.replies(unit, distribution)),
      ...errorIf('CVS20', refusal !== undefined, { why }),
      ...this.linkDomain(fromEmail),
      ...(await this.fields(unit, distribution)),
    ];
  }

  /** Filters look whether links lead to the sender's own domain. */
  private linkDomain(fromEmail: string): Finding[] {
    const { hostname } = new URL(this.parts.config.baseUrl);
    const [own, links] = [getDomain(fromEmail.slice(fromEmail.lastIndexOf('@') + 1)), getDomain(hostname)];
    return warningIf('link_domain', own !== null && links !== null && own !== links, {
      from: own ?? '',
      links: links ?? '',
    });
  }

  private async from({ brandId, fromEmail }: Distribution): Promise<Finding[]> {
    const { allowed, code = 'EQD17', domains, why } = await this.domains.verdictOf(brandId, fromEmail);
    return errorIf(code, !allowed, { domains: domains.join(', @'), from: fromEmail, why });
  }

  /** Answers go to the author's own address or to a domain that the brand may write from, never to strangers. */
  private async replies(unit: Unit, { brandId, ownerId, replyTo }: Distribution): Promise<Finding[]> {
    const { allowed, domains } = await this.domains.verdictOf(brandId, replyTo);
    if (replyTo === '' || allowed) {
      return [];
    }
    const own = await unit.sql('SELECT FROM users WHERE id = $1 AND lower(email) = lower($2)', [ownerId, replyTo]);
    const why =
      wireAddress(replyTo) === undefined
        ? 'The reply-to address is not an e-mail address.'
        : `Answers may go to the author's own address or to one that ends in @${domains.join(' or @')}, not to ${replyTo}.`;
    return errorIf('CVS03', own.length === 0, { why });
  }

  /** Embedded data that the mail prints and nobody among the first thousand has: usually a slip of the pen. */
  private async fields(
    unit: Unit,
    { listId, contactId, embedded, channel, ...mail }: Distribution,
  ): Promise<Finding[]> {
    const placeholders = new MailPlaceholders();
    placeholders.text(mail.fromName);
    for (const [, { subject, preheader, bodyHtml, bodyText }] of allVersions(mail)) {
      placeholders.text(subject + preheader + bodyHtml + bodyText);
    }
    const asked = [...placeholders.fields].filter((name) => !Object.hasOwn(embedded, name));
    if (channel !== 'email' || listId === null || contactId !== null || asked.length === 0) {
      return [];
    }
    const known = await unit.sql<{ name: string }>(
      `SELECT DISTINCT name FROM (
         SELECT c.embedded || m.embedded AS embedded FROM contact_list_members m
         JOIN contacts c ON c.brand_id = m.brand_id AND c.id = m.contact_id WHERE m.list_id = $1 LIMIT ${EMBEDDED_SAMPLE}) s,
         LATERAL jsonb_object_keys(s.embedded) AS name WHERE name = ANY ($2)`,
      [listId, asked],
    );
    const missing = asked.filter((name) => !known.some((row) => row.name === name));
    return warningIf('empty_field', missing.length > 0, { fields: missing.join(', ') });
  }
}

function errorIf(code: string, isSo: boolean, values: Record<string, string | number> = {}): Finding[] {
  return isSo ? [{ code, level: 'error', values }] : [];
}

function warningIf(code: string, isSo: boolean, values: Record<string, string | number> = {}): Finding[] {
  return isSo ? [{ code, level: 'warning', values }] : [];
}

function audience(
  { listId, contactId, segmentId }: Distribution,
  { list_exists, audience_exists, segment_exists }: Circumstances,
): Finding[] {
  if (segmentId !== null) {
    return errorIf('EQD11', !segment_exists);
  }
  const isGone = (listId !== null && !list_exists) || (listId === null && contactId === null) || !audience_exists;
  return errorIf('EQD11', isGone);
}

async function circumstances(unit: Unit, distribution: Distribution): Promise<Circumstances> {
  const { ownerId, surveyId, listId, contactId, libraryMessageId, segmentId } = distribution;
  return unit.one<Circumstances>(
    `SELECT b.status AS brand_status, b.postal_address, u.status AS owner_status, u.expires_at AS owner_expires_at,
       s.owner_id AS survey_owner_id, s.deleted_at AS survey_deleted_at, coalesce(s.stage, 'new') AS stage, s.available_until,
       coalesce(h.can_distribute, false) AS can_distribute,
       EXISTS (SELECT FROM contact_lists l WHERE l.id = $3) AS list_exists,
       EXISTS (SELECT FROM segments g WHERE g.id = $6) AS segment_exists,
       ($5::bigint IS NULL OR EXISTS (SELECT FROM library_messages l WHERE l.id = $5)) AS has_library_message,
       CASE WHEN $4::bigint IS NOT NULL THEN EXISTS (SELECT FROM contacts c WHERE c.id = $4 AND ($3::bigint IS NULL
              OR EXISTS (SELECT FROM contact_list_members m WHERE m.list_id = $3 AND m.contact_id = $4)))
            ELSE EXISTS (SELECT FROM contact_list_members m WHERE m.list_id = $3) END AS audience_exists
     FROM users u JOIN brands b ON b.id = u.brand_id
     LEFT JOIN surveys s ON s.brand_id = u.brand_id AND s.id = $2
     LEFT JOIN survey_shares h ON h.brand_id = u.brand_id AND h.survey_id = $2 AND h.user_id = u.id
     WHERE u.id = $1`,
    [ownerId, surveyId, listId, contactId, libraryMessageId, segmentId],
  );
}
