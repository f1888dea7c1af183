import { readDeliveryStatus, type ReportedRecipient } from './delivery_status.js';
import type { Part, ReadMail } from '../../mailer/mime/mime_tree.js';

const SEARCHED = 65_536;
const FIELD = /^(?:reporting-mta|final-recipient|original-recipient):[ \t]*\S/im;
const ABOUT_ONE = [/^(?:final|original)-recipient:[ \t]*\S/im, /^(?:action|status|diagnostic-code):[ \t]*\S/im];

/**
 * What the report for machines says of each recipient (RFC 3464). Gateways send it as plain text, as a file or as a part of
 * a mail: in a mail that is a report by its head, its fields are looked for in all parts but the mail that came back.
 */
export function reportedIn(mail: ReadMail, isBounce: boolean): ReportedRecipient[] {
  const told = mail.parts
    .filter(({ type }) => STATUS.has(type))
    .flatMap(({ body }) => readDeliveryStatus(body.toString('utf8')));
  if (told.length > 0 || !(isBounce || isReport(mail))) {
    return told;
  }
  const fields = mail.parts
    .filter(mayHold)
    .map(fieldsIn)
    .find((found) => found !== undefined);
  return fields === undefined ? [] : readDeliveryStatus(fields);
}

const STATUS = new Set(['message/delivery-status', 'message/global-delivery-status']);

function isReport({ type, parameters }: ReadMail): boolean {
  return type === 'multipart/report' && (parameters.get('report-type') ?? 'delivery-status') === 'delivery-status';
}

function mayHold({ type }: Part): boolean {
  return type === 'text/plain' || type === 'application/octet-stream' || type === 'message/partial';
}

function fieldsIn({ body }: Part): string | undefined {
  const text = body.subarray(0, SEARCHED).toString('utf8');
  return ABOUT_ONE.every((field) => field.test(text)) ? text.slice(Math.max(0, text.search(FIELD))) : undefined;
}
