/**
 * What nobody sees and what steers those who look: C0 and C1 controls (terminals obey them), marks that turn the
 * direction of writing (Unicode TR 36 §2.5), line and paragraph separators, characters without width, tags, half
 * characters.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0\u{e0000}-\u{e0fff}]/gu;
/** The same in what people write: their lines, their joiners (Persian, emoji) and plain direction marks stay. */
const UNSEEN_IN_TEXT =
  /(?![\t\n\u00ad\u0600-\u0605\u06dd\u200c-\u200f\u{e0020}-\u{e007f}])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0]/gu;
const LONGEST = 1000;

/**
 * Words of a stranger's machine (replies of mail servers, reports, records of the DNS, names of files) as we keep, show
 * and log them: one line of at most `most` characters, with everything unseen written out as `\u{202e}`.
 */
export function foreignWords(text: string, most = LONGEST): string {
  return cut(
    text
      .slice(0, most * 2)
      .replaceAll(/[\t\r\n\v\f ]+/g, ' ')
      .trim()
      .replaceAll(UNSEEN, writtenOut),
    most,
  );
}

/**
 * An answer of a mail server as it was given, `550 5.1.1 No such user`: the reply code (RFC 5321 §4.2), the enhanced status
 * (RFC 3463) and the words, each told once, whoever wrote it into them already. '' where there was none.
 */
export function replyWords({
  code,
  enhanced,
  text,
}: {
  code?: number | null | undefined;
  enhanced?: string | null | undefined;
  text?: string | null | undefined;
}): string {
  const words = foreignWords(text ?? '');
  const told = [code ?? '', enhanced ?? ''].map(String).filter((part) => part !== '' && !words.includes(part));
  const isCoded = code !== null && code !== undefined && words.startsWith(String(code));
  return [...(isCoded ? [] : told), words].filter((part) => part !== '').join(' ');
}

/** What a stranger wrote, as we show it: its lines stay, what turns or hides others is written out. */
export function foreignText(text: string, most: number): string {
  const lines = text.slice(0, most * 2).replaceAll(/\r\n?/g, '\n');
  return cut(lines.replaceAll(UNSEEN_IN_TEXT, writtenOut), most);
}

/** JSON means the same with everything unseen written as its own escapes, and a terminal obeys none of it. */
export function plainJson(json: string): string {
  return json.replaceAll(UNSEEN, (found) =>
    Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
      '',
    ),
  );
}

function writtenOut(found: string): string {
  return `\\u{${found.codePointAt(0)!.toString(16)}}`;
}

/** Never in the middle of a character or of what was written out. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/(?:\\u?\{?[0-9a-f]{0,6}|[\ud800-\udbff])$/, '');
}
