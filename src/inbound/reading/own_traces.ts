import { TOKEN_FORM } from '../../platform/ids.js';
import { type ReadMail, readMail } from '../../mailer/mime/mime_tree.js';

/** Traces of ours are looked for in the first so many bytes: headers, report, headers and words of the returned mail. */
const SEARCHED = 200_000;
const MOST_TOKENS = 50;
/** As in our mails, and as servers that rewrite links put it into theirs. */
const OPT_OUT_LINK = new RegExp(`(?:/|%2F)u(?:/|%2F)(${TOKEN_FORM})(?![0-9A-Za-z])`, 'gi');
const TOKEN = new RegExp(`(?<![0-9A-Za-z])${TOKEN_FORM}(?![0-9A-Za-z])`, 'g');

/**
 * All ways to read a mail in which something of ours may stand: as it came, without the line breaks that
 * quoted-printable puts into long words (RFC 2045 §6.7), and what its parts and those of the mail inside it hold.
 */
export function readingsOf(raw: Buffer): string[] {
  const start = raw.subarray(0, SEARCHED);
  const text = start.toString('latin1');
  const mail = readMail(start);
  const inside = mail.parts
    .filter(({ type }) => type === 'message/rfc822')
    .flatMap(({ body }) => encoded(readMail(body)));
  return [...new Set([text, text.replaceAll(/=[ \t]*\r?\n/g, ''), ...encoded(mail), ...inside])];
}

/** Only what was encoded reads otherwise than it stands. */
function encoded({ parts }: ReadMail): string[] {
  return parts
    .filter(({ headers }) => /^(?:base64|quoted-printable)$/i.test(headers.get('content-transfer-encoding')))
    .map(({ body }) => body.toString('latin1'));
}

/** The tokens of opt-out links in a text, right or forged, the first fifty. */
export function optOutTokensIn(text: string): string[] {
  const tokens = new Set<string>();
  for (const [, token] of text.matchAll(OPT_OUT_LINK)) {
    tokens.add(token!);
    if (tokens.size >= MOST_TOKENS) {
      break;
    }
  }
  return [...tokens];
}

/** Whoever reads what came back must not open or opt out as the person whose mail it quotes. */
export function withoutTokens(text: string): string {
  return text.replaceAll(TOKEN, '…');
}
