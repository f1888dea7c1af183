import { contactField, parseTemplate } from '../../engine/piping.js';

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

/** What others call what we have, without blanks and signs. */
const EQUIVALENTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:f|first|given|fore)name|^(?:contact|recipient|subscriber|respondent|token)(?:first|f)name/, '${m://FirstName}'],
  [/^(?:l|last|sur|family)name|^(?:contact|recipient|subscriber|respondent|token)(?:last|l)name/, '${m://LastName}'],
  [/^(?:full)?name$/, '${m://FirstName} ${m://LastName}'],
  [/^(?:contact|recipient|subscriber|respondent|token)?e?mail(?:address)?$/, '${m://Email}'],
  [/^(?:phone|mobile|telephone)/, '${m://Phone}'],
  [/unsub|optout|preferences/, '${l://OptOutLink}'],
  [/surveyurl$/, '${l://SurveyURL}'],
  [/survey(?:link)?$|^takesurvey|^collector/, '${l://SurveyLink}'],
  [/^(?:current)?(?:date|today)/, '${date://CurrentDate/DL}'],
];

function equivalentOf(written: string): string | undefined {
  if (/^\$\{\w+:\/\//.test(written)) {
    return undefined;
  }
  const name = written
    .toLowerCase()
    .replace(/\s\|.*$/, '')
    .replaceAll(/[^a-z]/g, '');
  return EQUIVALENTS.find(([form]) => form.test(name))?.[1];
}

/** The placeholder that somebody may have meant, e.g. `${m://FirstName}` for `${m://Firstname}`. */
export function meantBy(written: string): string | undefined {
  if (written.length > LONGEST) {
    return undefined;
  }
  const foreign = equivalentOf(written);
  if (foreign !== undefined) {
    return foreign;
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

/** How other systems write their placeholders, the name in the first group. */
const FOREIGN = [
  /\*\|([A-Z0-9_:]{1,40})\|\*/gi, // *|FNAME|*
  /\{\{\{?\s*#?([\w.\s|:'"-]{1,60}?)\s*\}?\}\}/g, // {{first_name}}, {{contact.firstname | default: 'you'}}
  /\{(?:TOKEN|SAVEDATTRIBUTE|INSERTANS):([\w:]{1,40})\}/gi, // {TOKEN:FIRSTNAME}
  /%%([\w.\s=-]{1,40})%%/g, // %%FirstName%%
  /%([A-Z][A-Z_]{3,29})%/g, // %FIRSTNAME%
  /%recipient\.([\w.-]{1,40})%/gi, // %recipient.first_name%
  /(?:<<|«)\s*([\w .]{1,40}?)\s*(?:>>|»)/g, // <<First Name>>
  /\[\[?\s*((?:[A-Z]{2,}[_ ]?){1,3}|(?:contact|recipient|respondent|subscriber)[.:_]?\w{0,30}|(?:first|last|full)[ _-]?name)\s*\]?\]/g, // [FIRSTNAME]
  /\[\s*((?:first|last|full)[ _-]?name|e-?mail|unsubscribe|survey[ _-]?(?:link|url)|opt[ _-]?out[ _-]?(?:link|url)?)\s*\]/gi,
  /#(FNAME|LNAME|FIRST_?NAME|LAST_?NAME|EMAIL|UNSUBSCRIBE|SURVEY_?(?:LINK|URL))#/gi, // #FNAME#
  /\{((?:first|last|full)[ _-]?name|e-?mail|unsubscribe|survey[ _-]?(?:link|url))\}/gi, // {first_name}
  /\$\{([^}\s:]{0,60})\}/g, // ${FirstName}
  /\$\{?\s*\{?\s*((?:m|e|iq):\/\/[\w/]{1,60})\s*\}/g, // our own, broken by a blank
];
/** Capitals in brackets that people write for themselves. */
const WORDS_IN_BRACKETS =
  /^(?:EXTERNAL|SIC|DRAFT|TEST|URGENT|REMINDER|NEW|UPDATE|INFO|FYI|ACTION REQUIRED|OPTIONAL|CONFIDENTIAL|TBC|TBD|NB|PS|USA|UK|EU|EN|DE|FR|ES|IT)$/;

/**
 * What looks like a placeholder of ours or of another system and would be printed as it stands. For HTML the text without its
 * tags, and nothing in their place: formatting may stand inside of one.
 */
export function strayPlaceholders(text: string): string[] {
  const constant = parseTemplate(text)
    .filter((part) => typeof part === 'string')
    .join(' ');
  const found = FOREIGN.flatMap((form) => Array.from(constant.matchAll(form)));
  const meant = found.filter(([, name = '']) => !WORDS_IN_BRACKETS.test(name.trim()));
  return [...new Set(meant.map(([written]) => written))].filter(
    (written, _, all) => !all.some((other) => other !== written && other.includes(written)),
  );
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
