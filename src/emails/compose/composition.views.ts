import { audienceOptions, type Offered } from '../../audiences/audience_options.js';
import { LINK_TYPES, MAX_PREHEADER, WHENS, type Written } from './compositions.forms.js';
import { MAX_SUBJECT } from '../checks/content_checks.js';
import type { FromModel } from './from_menu.js';
import { languageName } from '../../platform/language_tags.js';
import { zoneLabel } from '../../platform/calendar/time_zones.js';
import type { Say } from '../../ledger/distribution_words.js';
import type { Finding } from '../../planning/finding.js';
import { type MailInsert, mailInserts } from '../../platform/web/html/mail_inserts.js';
import { sampleOptions } from '../../audiences/sample.js';
import { whenFields } from '../../planning/when_fields.js';

export interface FormAround extends Offered {
  say: Say;
  /** Whether there is such a sentence. */
  knows: (key: string) => boolean;
  /** What was wrong with what was typed, by field. */
  faults: Record<string, string>;
  from: FromModel;
  timeZone: string;
  /** The clock one hour from now, as words. */
  hourAhead: string;
}

/** Every field of the form as `shared/_field` and its sisters take it. */
export function composeFields(written: Written, around: FormAround): object {
  const { say, faults } = around;
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
    list: field('list', { options: audienceOptions(written.list, around), required: true }),
    ...audienceFields(field, written, say),
    name: field('name', { maxlength: 200 }),
    fromName: field('fromName', { maxlength: 100 }),
    ...fromFields(field, around.from),
    replyTo: field('replyTo', { type: 'email', maxlength: 254 }),
    subject: field('subject', { required: true, maxlength: MAX_SUBJECT }),
    preheader: field('preheader', { maxlength: MAX_PREHEADER }),
    body: field('body', { rows: 20, mono: true, required: true }),
    text: field('text', { rows: 8, mono: true }),
    ...lookFields(field, written, say),
    countsOpens: field('countsOpens', { value: 'on', checked: written.countsOpens }),
    newLanguage: { name: 'newLanguage', label: say('form.newLanguage'), help: say('form.languageHelp'), short: true },
    ...sendingFields(field, written, around),
  };
}

/** Whom of the list, and what travels with their links. */
function audienceFields(field: FieldOf, written: Written, say: Say): object {
  return {
    sampleKind: field('sampleKind', { required: true, options: sampleOptions(written, say) }),
    embedded: field('embedded', {
      rows: 3,
      mono: true,
      label: say('personal.embedded'),
      help: say('personal.embeddedHelp'),
    }),
    sampleSize: field('sampleSize', { short: true, inputmode: 'numeric', required: true }),
  };
}

function lookFields(field: FieldOf, { design }: Written, say: Say): object {
  return {
    language: field('language', { short: true }),
    design: {
      ...field('design'),
      options: (['brand', 'plain'] as const).map((value) => ({
        value,
        label: say(`form.design_.${value}`),
        selected: value === design,
      })),
      required: true,
    },
  };
}

/** The part of the form about links and time. */
function sendingFields(
  field: FieldOf,
  written: Written,
  { say, knows, timeZone, faults, hourAhead }: FormAround,
): object {
  return {
    plan: whenFields(written, { say, knows, faults, timeZone }),
    linkType: {
      ...field('linkType', { required: true }),
      options: LINK_TYPES.map((value) => ({
        value,
        label: say(`form.link.${value}`),
        help: say(`form.link.${value}Help`),
        selected: value === written.linkType,
      })),
    },
    linkEnd: {
      ...field('linkEnd', { required: true }),
      options: (['days', 'date'] as const).map((value) => ({
        value,
        label: say(`form.linkEnd_.${value}`),
        selected: value === written.linkEnd,
      })),
    },
    linkDays: field('linkDays', { short: true, inputmode: 'numeric', suffix: say('form.days'), required: true }),
    linkUntil: field('linkUntil', { type: 'datetime-local', suffix: zoneLabel(timeZone), required: true }),
    skipFinished: field('skipFinished', { value: 'on', checked: written.skipFinished }),
    when: {
      ...field('when', { required: true }),
      options: WHENS.map((value) => ({
        value,
        label: say(`form.at.${value}`, { time: hourAhead }),
        help: knows(`form.at.${value}Help`) ? say(`form.at.${value}Help`) : undefined,
        selected: value === written.when,
      })),
    },
    sendOn: field('sendOn', { type: 'datetime-local', suffix: zoneLabel(timeZone), required: true }),
  };
}

type FieldOf = (name: keyof Written, more?: object) => object;

/** One field for the address, or its part before the @ and a menu of the domains that may be used. */
function fromFields(field: FieldOf, { local, options, help }: FromModel): object {
  return options.length === 0
    ? { fromEmail: field('fromEmail', { type: 'email', required: true, maxlength: 254, help }) }
    : {
        fromLocal: field('fromEmail', { name: 'fromLocal', value: local, required: true, maxlength: 64, help }),
        fromDomains: options,
      };
}

/** The mail in its other languages, each with what was wrong with it. */
export function versionModels(written: Written, faults: Record<string, string>, say: Say): object[] {
  return Object.entries(written.versions).map(([language, words]) => {
    const field = (name: keyof typeof words, more: object): object => ({
      name: `${name}_${language}`,
      label: say(`form.${name}`),
      value: words[name],
      error: faults[`${name}_${language}`],
      ...more,
    });
    const name = languageName(language);
    return {
      language,
      title: name,
      subject: field('subject', { required: true, maxlength: MAX_SUBJECT }),
      preheader: field('preheader', { maxlength: MAX_PREHEADER }),
      body: field('body', { rows: 12, mono: true, required: true }),
      text: field('text', { rows: 8, mono: true }),
      subjectMenu: insertMenu(say, `#field_subject_${language}`, { withLinks: false }),
      preheaderMenu: insertMenu(say, `#field_preheader_${language}`, { withLinks: false }),
      textMenu: insertMenu(say, `#field_text_${language}`, { withLinks: true }),
      bodyMenu: insertMenu(say, `#field_body_${language}`, { withLinks: true }),
      drop: `drop:${language}`,
      dropLabel: say('form.dropLanguage', { language: name }),
    };
  });
}

interface Insert extends MailInsert {
  target: string;
}

/** What the menu "Insert" puts into a field. Links belong into the message. */
function insertMenu(say: Say, target: string, { withLinks }: { withLinks: boolean }): Insert[] {
  return mailInserts(say, { withLinks }).map((insert) => ({ ...insert, target }));
}

/** The menus of the mail in its first language. */
export function insertMenus(say: Say): object {
  return {
    subjectMenu: insertMenu(say, '#field_subject', { withLinks: false }),
    preheaderMenu: insertMenu(say, '#field_preheader', { withLinks: false }),
    bodyMenu: insertMenu(say, '#field_body', { withLinks: true }),
    textMenu: insertMenu(say, '#field_text', { withLinks: true }),
  };
}

/** Embedded data of the chosen list, as far as the first people have any. */
export function fieldInserts(names: readonly string[], target: string): Insert[] {
  return names.map((name) => ({ target, label: name, text: `\${e://Field/${name}}` }));
}

/** The list of what was found, the worst first, each with its remedy and with the door to where its reader mends it. */
export function findingLines(
  findings: readonly Finding[],
  say: Say,
  doorOf: (code: string) => object | undefined = () => undefined,
): object[] {
  const worstFirst = [...findings].sort((one, other) => one.level.localeCompare(other.level));
  return worstFirst.map(({ code, words = code, level, values = {} }) => ({
    tone: level === 'error' ? 'fail' : 'hold',
    icon: level === 'error' ? 'error' : 'alert',
    label: say(`checks.${level}`),
    cause: `${values['version'] === undefined ? '' : `${say('checks.inVersion', values)} `}${say(`finding.${words}.cause`, values)}`,
    remedy: say(`finding.${words}.remedy`, values),
    code: /^(EQD|CVS)/.test(code) ? code : undefined,
    door: doorOf(code),
  }));
}
