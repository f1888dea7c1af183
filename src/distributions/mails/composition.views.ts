import type { ListRow } from '../../contacts/contact_lists.service.js';
import { LINK_TYPES, MAX_SUBJECT, type Written } from './compositions.forms.js';
import { figure, type Say } from '../distribution_words.js';
import type { Finding } from '../planning/sending_checks.js';

export interface FormAround {
  say: Say;
  /** Whether there is such a sentence. */
  knows: (key: string) => boolean;
  /** What was wrong with what was typed, by field. */
  faults: Record<string, string>;
  lists: ListRow[];
  /** Public id of a list. */
  shownList: (id: string) => string;
  fromHelp: string;
  timeZone: string;
}

/** Every field of the form as `shared/_field` and its sisters take it. */
export function composeFields(written: Written, around: FormAround): object {
  const { say, faults, timeZone } = around;
  const help = (key: string): string | undefined =>
    around.knows(`form.${key}Help`) ? say(`form.${key}Help`) : undefined;
  const field = (name: keyof Written, more: object = {}): object => ({
    name,
    label: say(`form.${name}`),
    help: help(name),
    value: written[name],
    error: faults[name],
    ...more,
  });
  return {
    list: field('list', { options: listOptions(written, around), required: true }),
    name: field('name', { maxlength: 200 }),
    fromName: field('fromName', { maxlength: 100 }),
    fromEmail: field('fromEmail', { type: 'email', required: true, maxlength: 254, help: around.fromHelp }),
    replyTo: field('replyTo', { type: 'email', maxlength: 254 }),
    subject: field('subject', { required: true, maxlength: MAX_SUBJECT }),
    body: field('body', { rows: 20, mono: true, required: true }),
    text: field('text', { rows: 8, mono: true }),
    linkType: {
      ...field('linkType', { required: true }),
      options: LINK_TYPES.map((value) => ({
        value,
        label: say(`form.link.${value}`),
        help: say(`form.link.${value}Help`),
        selected: value === written.linkType,
      })),
    },
    linkDays: field('linkDays', { short: true, inputmode: 'numeric', suffix: say('form.days'), required: true }),
    skipFinished: field('skipFinished', { value: 'on', checked: written.skipFinished }),
    when: {
      ...field('when', { required: true }),
      options: (['later', 'now'] as const).map((value) => ({
        value,
        label: say(`form.at.${value}`),
        help: help(`at.${value}`),
        selected: value === written.when,
      })),
    },
    sendOn: field('sendOn', { type: 'datetime-local', suffix: timeZone, required: true }),
  };
}

function listOptions({ list }: Written, { lists, shownList, say }: FormAround): object[] {
  const options = lists.map(({ id, name, contactCount }) => ({
    value: shownList(id),
    label: say('form.listOption', { count: contactCount, name, shown: figure(contactCount) }),
    selected: shownList(id) === list,
  }));
  return [{ value: '', label: say('form.chooseList') }, ...options];
}

const CONTACT_FIELDS = ['FirstName', 'LastName', 'Email', 'ExternalDataReference', 'Phone', 'Language'] as const;

interface Insert {
  target: string;
  text: string;
  label: string;
}

/** What the menu "Insert" puts into a field. Links belong into the message. */
export function insertMenu(say: Say, target: string, { withLinks }: { withLinks: boolean }): Insert[] {
  const links = ['SurveyLink', 'SurveyURL', 'OptOutLink'].map((name) => ({
    target,
    label: say(`insert.${name}`),
    text: say(`insert.${name}Text`),
  }));
  const contact = CONTACT_FIELDS.map((name) => ({ target, label: say(`insert.${name}`), text: `\${m://${name}}` }));
  return withLinks ? [...links, ...contact] : contact;
}

/** Embedded data of the chosen list, as far as the first people have any. */
export function fieldInserts(names: readonly string[], target: string): Insert[] {
  return names.map((name) => ({ target, label: name, text: `\${e://Field/${name}}` }));
}

/** The list of what was found, the worst first, each with its remedy. */
export function findingLines(findings: readonly Finding[], say: Say): object[] {
  const worstFirst = [...findings].sort((one, other) => one.level.localeCompare(other.level));
  return worstFirst.map(({ code, level, values = {} }) => ({
    tone: level === 'error' ? 'fail' : 'hold',
    icon: level === 'error' ? 'error' : 'alert',
    label: say(`checks.${level}`),
    cause: `${values['version'] === undefined ? '' : `${say('checks.inVersion', values)} `}${say(`finding.${code}.cause`, values)}`,
    remedy: say(`finding.${code}.remedy`, values),
    code: /^(EQD|CVS)/.test(code) ? code : undefined,
  }));
}
