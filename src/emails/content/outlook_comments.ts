/** A stretch of HTML as Outlook divides it: what all programs read, or the inside of a comment that only Outlook reads. */
export interface Stretch {
  text: string;
  /** What the comment asks, e.g. `mso | IE`; undefined outside of comments. */
  condition?: string;
}

/** `<!--[if mso]>` … `<![endif]-->`; without its end a comment is a comment. */
const ASKS = /^\[if ([\w\s!&|().-]{1,100})\]>/i;
const ENDS = /<!\[endif\]$/i;

/** Begins or ends what all programs but some of Outlook read: `<!--[if !mso]><!-->`, `<![if !mso]>` and their ends. */
const SHOWN =
  /^(?:<!--\[if ([\w\s!&|().-]{1,100})\]>\s*(?:<!)?-->|<!\[if ([\w\s!&|().-]{1,100})\]>|(<!--<!\[endif\]-->|<!\[endif\]>))/i;

/**
 * Takes the comments out that Outlook reads and puts a mark in their place.
 * @param keep what becomes of each, as it may stand in the mail; answers the mark
 */
export function withoutOutlook(html: string, keep: (comment: string, isMarkup: boolean) => string): string {
  let rest = '';
  let from = 0;
  for (let open = html.indexOf('<!'); open !== -1; open = html.indexOf('<!', from)) {
    rest += html.slice(from, open);
    const found = commentAt(html, open);
    rest += found.comment === undefined ? html.slice(open, found.end) : keep(found.comment, found.isMarkup);
    from = found.end;
  }
  return rest + html.slice(from);
}

interface Found {
  /** Behind it. */
  end: number;
  /** What Outlook reads in it: a condition with its markup, or a mark that stands for itself. Undefined for other comments. */
  comment?: string;
  isMarkup: boolean;
}

function commentAt(html: string, open: number): Found {
  const [all, ...conditions] = SHOWN.exec(html.slice(open, open + 200)) ?? [];
  if (all !== undefined) {
    const asked = conditions[0] ?? conditions[1];
    const comment = asked === undefined ? '<!--<![endif]-->' : `<!--[if ${asked}]><!-->`;
    return { end: open + all.length, comment, isMarkup: false };
  }
  if (!html.startsWith('<!--', open) || /^<!---?>/.test(html.slice(open, open + 6))) {
    return { end: open + 2, isMarkup: false };
  }
  const close = html.indexOf('-->', open + 4);
  const end = close === -1 ? html.length : close + 3;
  const [read] = close === -1 ? [] : readIn(html.slice(open + 4, close));
  return read === undefined ? { end, isMarkup: false } : { end, comment: html.slice(open, end), isMarkup: true };
}

/** The comment with other markup inside it; what it asks stays. */
export function outlookComment(comment: string, clean: (markup: string) => string): string {
  const [read] = readIn(comment.slice(4, -3));
  return read === undefined ? '' : `<!--[if ${read.condition}]>${clean(read.text)}<![endif]-->`;
}

/** Cuts HTML at its comments; those that no program reads are left out. One look at each character. */
export function stretchesOf(html: string): Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (let open = html.indexOf('<!--'); open !== -1; open = html.indexOf('<!--', from)) {
    const close = html.indexOf('-->', open + 4);
    const inside = html.slice(open + 4, close === -1 ? html.length : close);
    stretches.push({ text: html.slice(from, open) }, ...readIn(inside));
    from = close === -1 ? html.length : close + 3;
  }
  return [...stretches, { text: html.slice(from) }].filter(
    ({ text, condition }) => text !== '' || condition !== undefined,
  );
}

function readIn(inside: string): Stretch[] {
  const [asks, condition] = ASKS.exec(inside) ?? [];
  return asks === undefined || condition === undefined || !ENDS.test(inside)
    ? []
    : [{ condition, text: inside.slice(asks.length).replace(ENDS, '') }];
}
