import type { Distribution } from '../../ledger/distribution.entity.js';
import { type MailContent, mailOf } from './mail_content.entity.js';
import type { MadeFrom } from './mail_makings.service.js';

/** What a mail is made from: what it says, and what its distribution gives it. */
export type MailSource = MadeFrom &
  Pick<MailContent, 'fromName' | 'fromEmail' | 'replyTo' | 'design'> &
  Pick<Distribution, 'embedded' | 'timeZone'>;

export function mailSourceOf(distribution: Distribution): MailSource {
  const { brandId, surveyId, linkType, embedded, timeZone } = distribution;
  const { fromName, fromEmail, replyTo, design, countsOpens } = mailOf(distribution);
  const { subject, preheader, bodyHtml, bodyText, language, versions } = mailOf(distribution);
  const words = { subject, preheader, bodyHtml, bodyText, language, versions };
  const head = { fromName, fromEmail, replyTo, design, countsOpens };
  return { brandId, surveyId, linkType, embedded, timeZone, ...head, ...words };
}
