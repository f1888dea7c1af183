import { readMail } from '../../mailer/mime/mime_tree.js';

/** Headers and words for people; reports of servers begin within it. */
const START = 32_768;
/** A report for machines that stands further back. */
const REPORT = 32_768;

/** What is worth keeping of a mail that was read: its start, and the report for machines whole. */
export function keptPartOf(raw: Buffer): Buffer {
  if (raw.length <= START) {
    return raw;
  }
  const report = readMail(raw).parts.find(
    ({ type }) => type === 'message/delivery-status' || type === 'message/feedback-report',
  );
  const start = raw.subarray(0, START);
  return report === undefined
    ? start
    : Buffer.concat([start, Buffer.from(`\r\n\r\n[${report.type}]\r\n`), report.body.subarray(0, REPORT)]);
}
