/** What style sheets ask of whoever puts them into the elements of a page. */
export interface CssWeight {
  /** Characters of all style sheets. */
  length: number;
  /** Single selectors, `a, b` being two; those of rules inside rules as often as they are written out. */
  selectors: number;
  /** Selectors times declarations: so often each element may be written to. */
  declarations: number;
  /** Characters of the longest list of selectors. */
  longest: number;
  /** Blocks that stand open inside each other. */
  deepest: number;
}

/** An open block, and as how many selectors it counts. */
interface Block {
  selectors: number;
  isAtRule: boolean;
}

/** As HTML names its elements: only ASCII letters change, so that each character stays at its place. */
export function inLowerCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The contents of a text's style elements; one that is never closed reaches to the end. One look at each character. */
export function styleSheetsOf(html: string): string[] {
  const lower = inLowerCase(html);
  const sheets: string[] = [];
  let at = lower.indexOf('<style');
  while (at !== -1) {
    const open = lower.indexOf('>', at);
    const close = open === -1 ? -1 : lower.indexOf('</style', open);
    const end = close === -1 ? html.length : close;
    sheets.push(html.slice(open === -1 ? html.length : open + 1, end));
    at = lower.indexOf('<style', end);
  }
  return sheets;
}

/** Weighs style sheets without understanding them: what can't be told counts as the heavier. Linear. */
export function weightOfCss(sheets: readonly string[]): CssWeight {
  const weight = { length: 0, selectors: 0, declarations: 0, longest: 0, deepest: 0 };
  for (const css of sheets) {
    weight.length += css.length;
    new Scale(weight).weigh(css);
  }
  return weight;
}

/** Marks that mean something, comments and texts in quotes as wholes, also those without an end. */
const MARKS = /\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/|\/\*|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?|\\[^]|[{};]/g;

class Scale {
  private readonly open: Block[] = [];

  constructor(private readonly weight: CssWeight) {}

  weigh(css: string): void {
    let start = 0;
    for (const { 0: mark, index } of css.matchAll(MARKS)) {
      if (mark === '/*') return;
      if (mark !== '{' && mark !== '}' && mark !== ';') continue;
      if (mark === '{') this.begin(css.slice(start, index).trim());
      else if (css.slice(start, index).trim() !== '') this.declare();
      if (mark === '}') this.open.pop();
      start = index + 1;
    }
  }

  private begin(written: string): void {
    const around = this.open.at(-1)?.selectors ?? 1;
    const isAtRule = written.startsWith('@');
    const own = isAtRule ? ['@'] : written.split(',');
    // A rule inside a rule is written out for each selector of the one around it, and for each of its "&" again.
    const isInside = this.open.some((block) => !block.isAtRule);
    const parents = own.reduce((most, selector) => Math.max(most, Math.min(9, count(selector, '&'))), 1);
    const times = isAtRule ? around : isInside ? around ** parents : 1;
    const selectors = Math.min(1e9, own.length * times);
    this.open.push({ selectors, isAtRule });
    this.weight.selectors += selectors;
    this.weight.longest = Math.max(this.weight.longest, isAtRule ? 0 : written.length);
    this.weight.deepest = Math.max(this.weight.deepest, this.open.length);
  }

  private declare(): void {
    this.weight.declarations += this.open.at(-1)?.selectors ?? 0;
  }
}

function count(text: string, mark: string): number {
  let found = 0;
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) found += 1;
  return found;
}
