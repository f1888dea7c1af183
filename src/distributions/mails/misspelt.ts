import { contactField, parseTemplate } from '../../surveys/engine/piping.js';

const CONTACT = ['FirstName', 'LastName', 'Email', 'ExternalDataReference', 'Phone', 'Language'];
const KNOWN = [
  ...CONTACT.map((name) => `\${m://${name}}`),
  ...['SurveyLink', 'SurveyURL', 'OptOutLink', 'OptOutURL'].map((name) => `\${l://${name}}`),
  '${date://CurrentDate/DL}',
  '${iq://first}',
];
/** So many letters may differ; more is another word. */
const FURTHEST = 4;

/** Nothing so long was meant to be one of the known ones; an operation that can't be computed may be 150,000 letters. */
const LONGEST = 100;

/** The placeholder that somebody may have meant, e.g. `${m://FirstName}` for `${m://Firstname}`. */
export function meantBy(written: string): string | undefined {
  if (written.length > LONGEST) {
    return undefined;
  }
  const [name = ''] = /[\w]+(?=\W*$)/.exec(written) ?? [];
  const field = CONTACT.find((one) => one.toLowerCase() === name.toLowerCase()) ?? contactField(name);
  if (field !== undefined) {
    return `\${m://${field}}`;
  }
  const [nearest] = KNOWN.map((known) => ({ known, far: distance(bare(known), bare(written)) })).sort(
    (one, other) => one.far - other.far,
  );
  return nearest !== undefined && nearest.far <= FURTHEST ? nearest.known : undefined;
}

/** What looks like a placeholder and would be printed as it stands: `${FirstName}`, `{{FirstName}}`, `%FIRSTNAME%`. */
export function strayPlaceholders(text: string): string[] {
  const constant = parseTemplate(text)
    .filter((part) => typeof part === 'string')
    .join(' ');
  const found = constant.match(/\$\{[^}\s]{0,60}\}|\{\{[^}]{1,60}\}\}|%[A-Z_]{4,30}%/g) ?? [];
  return [...new Set(found)];
}

function bare(placeholder: string): string {
  return placeholder.replaceAll(/[${}%\s]/g, '').toLowerCase();
}

/** Letters to add, drop or change (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      next[j] = Math.min(change, row[j]! + 1, next[j - 1]! + 1);
    }
    row = next;
  }
  return row[other.length]!;
}
