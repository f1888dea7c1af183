import { isNestedTooDeeply, tagsIn } from './html_depth.js';
import { styleSheetsOf, weightOfCss } from './css_weight.js';

/** How large a mail's HTML may be, whoever wrote it: generous for what people write, far below what stalls a server. */
export const MAIL_BOUNDS = {
  /** Characters of the HTML, and of the plain text. */
  characters: 400_000,
  elements: 5000,
  /** Whatever "<" begins: elements, ends of elements, comments, nothing. */
  marks: 20_000,
  /** Elements inside each other; `html_depth.ts` counts them. */
  levels: 256,
  cssCharacters: 100_000,
  selectors: 2000,
  selectorCharacters: 2000,
  /** Blocks of a style sheet inside each other. */
  cssLevels: 8,
  /** Elements times selectors and their declarations: what putting styles into elements costs. */
  stylings: 2_000_000,
  placeholders: 1000,
  /** Placeholders of dates, which are written anew for each reader. */
  dates: 50,
} as const;

/** A mail in all its languages together. */
export const ALL_VERSIONS = { characters: 1_000_000 } as const;

/** What an HTML text asks of whoever cleans it and puts its styles in. */
export interface MailWeight {
  elements: number;
  stylings: number;
  /** In words; undefined where it is within all bounds. */
  fault: string | undefined;
}

/** Looks at each character a few times, whatever the text is. */
export function weightOfMail(html: string): MailWeight {
  if (html.length > MAIL_BOUNDS.characters) {
    return { elements: 0, stylings: 0, fault: wordsOf(html.length, MAIL_BOUNDS.characters, 'characters') };
  }
  const marks = tagsIn(html);
  const elements = marks > MAIL_BOUNDS.marks ? 0 : elementsIn(html);
  const css = weightOfCss(styleSheetsOf(html));
  const stylings = elements * (css.selectors + css.declarations);
  const most = MAIL_BOUNDS;
  const counted: [number, number, string][] = [
    [marks, most.marks, 'signs “<”'],
    [elements, most.elements, 'HTML elements'],
    [placeholdersIn(html), most.placeholders, 'placeholders'],
    [datesIn(html), most.dates, 'dates'],
    [css.length, most.cssCharacters, 'characters of style sheets'],
    [css.selectors, most.selectors, 'selectors in its style sheets'],
    [css.longest, most.selectorCharacters, 'characters in one selector'],
    [css.deepest, most.cssLevels, 'blocks inside each other in its style sheets'],
    [stylings, most.stylings, 'stylings (elements times rules)'],
  ];
  const over = counted.find(([count, bound]) => count > bound);
  const isDeep = over === undefined && isNestedTooDeeply(html);
  const fault = over === undefined ? undefined : wordsOf(...over);
  return { elements, stylings, fault: isDeep ? TOO_DEEP : fault };
}

/** What putting styles in costs hardly anything below, whatever they are. */
const LIGHT = { characters: 60_000, elements: 800, stylings: 60_000 };

/** Selectors and values whose cost the bounds don't tell: they look at all elements around, or at each other. */
const DEAR = /:(?:has|not|is|where|matches|any|nth|contains|icontains)|-of-type|only-|~|&/i;

/** Whether a mail is put together in a few milliseconds. */
export function isLightMail(html: string): boolean {
  if (html.length > LIGHT.characters) return false;
  const { elements, stylings, fault } = weightOfMail(html);
  const isSmall = fault === undefined && elements <= LIGHT.elements && stylings <= LIGHT.stylings;
  return isSmall && !/var\s*\(/i.test(html) && !styleSheetsOf(html).some((css) => DEAR.test(css));
}

/** Why a mail of this HTML is not made, in words with the bound and the remedy. */
export function mailFault(html: string): string | undefined {
  return weightOfMail(html).fault;
}

/** Why a plain text is not filled. */
export function placeholdersFault(text: string): string | undefined {
  const [count, dates] = [placeholdersIn(text), datesIn(text)];
  if (count > MAIL_BOUNDS.placeholders) return wordsOf(count, MAIL_BOUNDS.placeholders, 'placeholders');
  return dates > MAIL_BOUNDS.dates ? wordsOf(dates, MAIL_BOUNDS.dates, 'dates') : undefined;
}

function datesIn(text: string): number {
  return text.match(/\$\{date:/gi)?.length ?? 0;
}

function wordsOf(count: number, most: number, what: string): string {
  return `It has ${shown(count)} ${what}; a mail may have ${shown(most)}. Make it simpler, or send less at once.`;
}

const TOO_DEEP = `Its elements stand more than ${MAIL_BOUNDS.levels} deep inside each other. Close the tags that are open, or make it simpler.`;

function shown(count: number): string {
  return count >= 1e9 ? '1,000,000,000 or more' : count.toLocaleString('en');
}

/** Letters behind "<" begin an element, whether it ends or not. */
function elementsIn(html: string): number {
  let elements = 0;
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at + 1)) {
    const next = html.charCodeAt(at + 1) | 32;
    if (next >= 97 && next <= 122) elements += 1;
  }
  return elements;
}

function placeholdersIn(text: string): number {
  let found = 0;
  for (let at = text.indexOf('$'); at !== -1; at = text.indexOf('$', at + 1)) {
    if (text.startsWith('${', at) || text.startsWith('$e{', at)) found += 1;
  }
  return found;
}
