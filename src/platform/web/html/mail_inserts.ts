/** What can be put into a mail by the menu "Insert": its code, and its name in words. */
export interface MailInsert {
  text: string;
  label: string;
}

/** Words under a key, e.g. `insert.FirstName`. */
type Say = (key: string) => string;

const LINKS = ['SurveyLink', 'SurveyURL', 'OptOutLink', 'OptOutURL'];
const CONTACT = ['FirstName', 'LastName', 'Email', 'ExternalDataReference', 'Phone', 'Language'];

/** The entries of the menu. Links belong into messages, not into headings. */
export function mailInserts(say: Say, { withLinks }: { withLinks: boolean }): MailInsert[] {
  const links = LINKS.map((name) => ({ label: say(`insert.${name}`), text: say(`insert.${name}Text`) }));
  const inline = { label: say('insert.inline'), text: '${iq://first}' };
  const contact = CONTACT.map((name) => ({ label: say(`insert.${name}`), text: `\${m://${name}}` }));
  const date = { label: say('insert.date'), text: '${date://CurrentDate/DL}' };
  return withLinks ? [...links, inline, ...contact, date] : [...contact, date];
}

/** Names of placeholders by scheme and path. */
function namesOf(say: Say): [string, string][] {
  return mailInserts(say, { withLinks: true }).map(({ text, label }) => [
    /\w+:\/\/[^}?]*/.exec(text)?.[0] ?? '',
    label,
  ]);
}

/** A first line as people read it where it stands for all of a message: `Welcome, ${m://FirstName}` is "Welcome, (First name)". */
export function readableHeading(heading: string, say: Say): string {
  const names = new Map(namesOf(say));
  const nameOf = (path: string): string => names.get(path) ?? path.replace(/^\w+:\/\/(?:Field\/)?/, '');
  return heading.replaceAll(
    /\$\{(\w{1,10}:\/\/[^{}?]{1,300})(?:\?[^{}]{0,300})?\}/g,
    (_, path: string) => `(${nameOf(path)})`,
  );
}

/** How the editor calls placeholders, by scheme and path; behind `href` the links that its dialog offers. JSON. */
export function placeholderNames(say: Say): string {
  const named = namesOf(say);
  const offered = ['SurveyURL', 'OptOutURL'].map((name) => [`href l://${name}`, say(`insert.href${name}`)]);
  return JSON.stringify(Object.fromEntries([...named, ...offered]));
}
