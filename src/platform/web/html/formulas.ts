import temml from 'temml';

/** Longer ones are no formula but a text with a stray backslash. */
const LONGEST = 2000;
/** More in one text are nobody's survey; each takes the server a part of a millisecond. */
const MOST = 100;
const WITHIN = `([\\s\\S]{1,${LONGEST}}?)`;
/** Tags are passed over, so that no attribute is taken for a formula. */
const FORMULA = new RegExp(
  [
    '<[^>]*>',
    `\\\\\\(${WITHIN}\\\\\\)`,
    `\\\\\\[${WITHIN}\\\\\\]`,
    `\\$\\$${WITHIN}\\$\\$`,
    `(\\\\begin\\{((?:equation|align|gather|multline|eqnarray)\\*?)\\}[\\s\\S]{1,${LONGEST}}?\\\\end\\{\\5\\})`,
  ].join('|'),
  'g',
);

interface Formula {
  tex: string;
  /** On lines of its own. */
  isBlock: boolean;
}

/** Each is looked at up to `LONGEST` characters far; a text that begins more of them holds none. */
const MOST_BEGUN = 2000;

/** Whether a text may hold TeX at all; most hold none. */
export function mayHoldFormula(text: string): boolean {
  const begun = text
    .matchAll(/\\[([]|\$\$|\\begin/g)
    .take(MOST_BEGUN + 1)
    .toArray().length;
  return begun > 0 && begun <= MOST_BEGUN;
}

/** Sanitised HTML with its TeX (`\(…\)`, `\[…\]`, `$$…$$`) as MathML; what can't be read stays as it is written. */
export function withFormulas(safe: string): string {
  if (!mayHoldFormula(safe)) return safe;
  let count = 0;
  return safe.replaceAll(FORMULA, (written: string, ...groups: (string | undefined)[]) => {
    const formula = count < MOST ? formulaIn(groups) : undefined;
    if (formula) count += 1;
    return (formula && drawn(formula)) ?? written;
  });
}

/** The formulas of sanitised HTML that would stand there as their source: of the first, as many as a page draws. */
export function unreadFormulas(safe: string): string[] {
  if (!mayHoldFormula(safe)) return [];
  const read = safe.matchAll(FORMULA).flatMap(([written, ...groups]) => {
    const formula = formulaIn(groups);
    return formula ? [{ written, formula }] : [];
  });
  return read
    .take(MOST)
    .filter(({ formula }) => drawn(formula) === undefined)
    .map(({ written }) => written)
    .toArray();
}

function formulaIn([inline, block, dollars, environment]: (string | undefined)[]): Formula | undefined {
  const written = inline ?? block ?? dollars ?? environment;
  // Two dollars are a price range as often as a formula.
  if (written === undefined || (dollars !== undefined && !/[\\^_={}]/.test(dollars))) return undefined;
  // A placeholder is filled before a page is drawn; until then there is no formula to read.
  if (/\$\{|:\/\//.test(written)) return undefined;
  const tex = decoded(written.replaceAll(/<br ?\/?>/g, ' '));
  return { tex, isBlock: inline === undefined };
}

/** What the sanitiser escapes in texts. */
function decoded(html: string): string {
  return html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

/** MathML without styles, which the policy of our pages forbids; TeX may neither load nor link anything. */
function drawn({ tex, isBlock }: Formula): string | undefined {
  if (/<\/?[a-z]/i.test(tex)) return undefined;
  try {
    const math = temml.renderToString(tex, { displayMode: isBlock, throwOnError: true, trust: false });
    return math.replaceAll(/ (?:style|class)="[^"]*"/g, '');
  } catch {
    return undefined; // no TeX that is understood
  }
}
