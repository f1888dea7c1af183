import { keptPartOf } from '../../src/inbound/reading/kept_part.js';
import { KEPT_BYTES } from '../../src/inbound/inbound.service.js';
import { optOutTokensIn, readingsOf } from '../../src/inbound/reading/own_traces.js';
import { readReturned } from '../../src/inbound/reading/returned_mail.js';
import { verpsIn } from '../../src/mailer/verp.js';

const FROM = 'From: mailer-daemon@x.example\nSubject: Undeliverable\n';
const fill = (text: string, bytes = 1_100_000): string => text.repeat(Math.ceil(bytes / text.length));
const plain = (text: string): string => `${FROM}\n${text}`;
const typed = (type: string, text: string): string => `${FROM}Content-Type: ${type}\n\n${text}`;
const report = (text: string): string =>
  typed('multipart/report; boundary=b', `--b\n\nwords\n--b\nContent-Type: message/delivery-status\n\n${text}\n--b--\n`);

/** Each is as long as anything that is read, and made to be read slowly. */
const HOSTILE: Readonly<Record<string, string>> = {
  'ten thousand levels': fill(`Content-Type: multipart/mixed; boundary=x\n\n--x\n`),
  'levels of different names': Array.from(
    { length: 10_000 },
    (_, n) => `Content-Type: multipart/mixed; boundary=n${n}\n\n--n${n}\n`,
  ).join(''),
  'mails in mails': fill('Content-Type: message/rfc822\n\n'),
  'a hundred thousand parts': typed('multipart/mixed; boundary=b', fill('--b\n\nx\n')),
  'boundaries that are none': typed('multipart/mixed; boundary=b', fill('x--b')),
  'a boundary of one letter': typed('multipart/mixed; boundary=-', fill('---\n')),
  'a million headers': fill('A: b\n'),
  'one header without end': fill('Subject: =?utf-8?B?'),
  'a header folded without end': `Subject: x${fill('\n x')}`,
  'headers that are all colons': fill(':'),
  'parameters without end': `Content-Type: multipart/mixed${fill('; a="b')}`,
  'encoded words without end': `Subject: ${fill('=?x?Q?=41?= ')}\n\nx`,
  uuencode: plain(fill('begin 644 x\nM1234567890\n')),
  'base64 of nothing': `${FROM}Content-Transfer-Encoding: base64\n\n${fill('====\n')}`,
  'quoted-printable of breaks': `${FROM}Content-Transfer-Encoding: quoted-printable\n\n${fill('= \t')}`,
  'quoted-printable of signs': `${FROM}Content-Transfer-Encoding: quoted-printable\n\n${fill('=3D')}`,
  'character sets that switch': typed('text/plain; charset=iso-2022-jp', fill('\u001b$B\u001b(B')),
  'a character set of two bytes': typed('text/plain; charset=utf-16', fill('\ud800')),
  'marks that begin': typed('text/html', fill('<a ')),
  'marks that begin and end elsewhere': typed('text/html', fill('<br <br ')),
  entities: typed('text/html', fill('&amp')),
  spaces: plain(fill(' ')),
  'blank lines': plain(fill('\n')),
  'lines of blanks': plain(fill(' \t \n')),
  dashes: plain(fill('-')),
  'dashes apart': plain(fill('-- ')),
  'codes that are none': plain(fill('550 - ')),
  numbers: plain(fill('5.1.1.')),
  angles: plain(fill('<')),
  addresses: plain(fill('<a@b> ')),
  'the words of servers': plain(fill('technical details error: reason: host said ')),
  'sentences of delay': plain(fill('warning: message ')),
  'fields of a report': report(fill('Final-Recipient: rfc822; a@b\n\n')),
  'blank fields of a report': report(fill('\n \n')),
  'folds of a report': report(`Diagnostic-Code: smtp; 550 ${fill('\n x')}`),
  'a status without end': report(`Status: ${fill('5.')}\n`),
  'addresses of ours that are none': plain(fill(`b-${'a'.repeat(29)} `)),
  'addresses of ours that never end': plain(fill('b-a')),
  'links of ours that are none': plain(fill(`/u/1${'a'.repeat(22)} `)),
  'links of ours that never end': plain(fill('/u/1')),
  'tokens that are none': plain(fill('1a')),
  'a subject like an answer': `Subject: ${fill('re: auto- ')}\n\nx`,
  'null bytes': plain(fill('\0')),
  'signs that nobody sees': plain(fill('\u202e\u200b')),
};

/** Milliseconds of this thread's time, whatever else the machine does; the least of three, since memory is tidied up in between. */
function cpuOf(work: () => void): number {
  const once = (): number => {
    const before = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  };
  return Math.min(once(), once(), once());
}

describe('mails made to be read slowly', () => {
  it.each(Object.entries(HOSTILE))('%s: read, searched and cut down in passing', (name, text) => {
    const raw = Buffer.from(text).subarray(0, KEPT_BYTES);
    const steps = {
      read: () => readReturned(raw),
      search: () => readingsOf(raw).map((reading) => [verpsIn(reading), optOutTokensIn(reading)]),
      cut: () => keptPartOf(raw),
    };
    const cpu = Object.entries(steps).map(([step, work]): [string, number] => [step, cpuOf(work)]);
    if (process.env['SHOW_CPU'])
      process.stderr.write(`${name}: ${cpu.map(([s, n]) => `${s} ${n.toFixed(0)}`).join(' ')}\n`);
    expect(cpu.filter(([, ms]) => ms > 1000)).toEqual([]);
    expect(keptPartOf(raw).length).toBeLessThan(70_000);
  });
});
