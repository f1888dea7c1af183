import { Injectable } from '@nestjs/common';
import {
  CONDITION_FIELDS,
  isOfKind,
  OPERATORS,
  textOperatorsOf,
  textValueKindOf,
} from '../../contacts/segments/contact_conditions.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Invalid } from '../../platform/errors.js';
import { Ids } from '../../platform/ids.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Faults, NO_FAULTS } from '../../platform/web/answers.js';
import { SurveysService } from '../../surveys/surveys.service.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { Audiences } from '../audiences.service.js';
import type { WrittenRule } from './frequency.forms.js';
import type { CountedKind, FrequencyRule } from './frequency.sql.js';
import { FrequencyRulesService, type RuleWords } from './frequency_rules.service.js';

const HOURS = 24;
const MOST_SURVEYS = 200;
const KINDS: readonly [CountedKind, 'invite' | 'reminder' | 'thankYou'][] = [
  ['Invite', 'invite'],
  ['Reminder', 'reminder'],
  ['ThankYou', 'thankYou'],
];

/** Frequency rules as pages show and take them. */
@Injectable()
export class FrequencyPages {
  constructor(
    private readonly rules: FrequencyRulesService,
    private readonly words: DistributionWords,
    private readonly audiences: Audiences,
    private readonly surveys: SurveysService,
    private readonly ids: Ids,
  ) {}

  async index(actor: Actor): Promise<object> {
    const { say } = this.words;
    const rules = await this.rules.list(actor);
    const canEdit = actor.permissions.has('directory:manage');
    const add = { href: addresses.frequency.new(), text: say('frequency.add'), icon: 'plus' };
    return {
      title: say('frequency.title'),
      crumbs: this.crumbs(),
      head: {
        title: say('frequency.title'),
        lead: say('frequency.lead'),
        actions: canEdit && rules.length > 0 ? [{ ...add, isPrimary: true }] : [],
      },
      canEdit,
      rules: rules.map((rule) => this.row(rule, canEdit)),
      empty:
        rules.length === 0
          ? {
              icon: 'clock',
              title: say('frequency.emptyTitle'),
              text: say('frequency.emptyText'),
              ...(canEdit ? { action: add } : {}),
            }
          : undefined,
      followUps: {
        name: 'holds',
        label: say('frequency.followUps'),
        help: say('frequency.followUpsHelp'),
        value: 'on',
        checked: await this.rules.holdForFollowUps(actor),
        disabled: !canEdit,
      },
    };
  }

  /** A new rule, or one that is there; also when something in it was refused. */
  async form(
    actor: Actor,
    {
      rule,
      written = writtenOf(rule, this.ids),
      refused = NO_FAULTS,
    }: { rule?: FrequencyRule; written?: WrittenRule; refused?: Faults },
  ): Promise<object> {
    const { say } = this.words;
    const title = say(rule === undefined ? 'frequency.add' : 'frequency.edit');
    const field = (name: keyof WrittenRule, more: object = {}): object => ({
      name,
      label: say(`frequency.${name}`),
      value: written[name],
      error: refused.fields[name],
      ...more,
    });
    const days = { short: true, inputmode: 'numeric', suffix: say('form.days') };
    return {
      title,
      crumbs: this.crumbs({ text: title }),
      head: { title },
      errors: refused.errors,
      action: rule === undefined ? addresses.frequency.rules() : addresses.frequency.rule(this.ids.show('FR', rule.id)),
      name: field('name', { required: true, maxlength: 100, autofocus: true }),
      most: field('most', { short: true, inputmode: 'numeric', help: say('frequency.mostHelp') }),
      periodDays: field('periodDays', days),
      gapDays: field('gapDays', { ...days, help: say('frequency.gapHelp') }),
      kinds: KINDS.map(([, name]) => field(name, { value: 'on', checked: written[name] })),
      kindsError: refused.fields['kinds'],
      list: field('list', { options: await this.lists(actor, written.list) }),
      survey: field('survey', { options: await this.surveyOptions(actor, written.survey) }),
      field: field('field', { options: this.options('field', ['', ...CONDITION_FIELDS], written.field) }),
      embeddedName: field('embeddedName', { maxlength: 100 }),
      operator: field('operator', { required: true, options: this.options('operator', OPERATORS, written.operator) }),
      value: field('value', { maxlength: 200 }),
    };
  }

  /** @throws {Invalid} with one message per field */
  async read(actor: Actor, written: WrittenRule): Promise<RuleWords> {
    const counts = KINDS.filter(([, name]) => written[name]).map(([kind]) => kind);
    const [most, period, gap] = [written.most, written.periodDays, written.gapDays].map(wholeNumber);
    const fields = {
      ...this.faults(written, { most, period, gap }),
      ...(counts.length === 0 ? { kinds: this.words.say('frequency.noKinds') } : {}),
    };
    const [first] = Object.values(fields);
    if (first !== undefined) {
      throw new Invalid(first, fields);
    }
    const { name, field, embeddedName, operator, value } = written;
    return {
      name,
      most: most ?? null,
      periodHours: hoursOf(period),
      gapHours: hoursOf(gap),
      ...(await this.scope(actor, written)),
      counts,
      conditions: field === '' ? [] : [{ field, name: embeddedName, operator, value }],
    };
  }

  private faults(
    written: WrittenRule,
    { most, period, gap }: Record<'most' | 'period' | 'gap', number | undefined>,
  ): Record<string, string> {
    const { say } = this.words;
    const { name, field, embeddedName } = written;
    const isWrong = [most, period, gap].some((one) => one !== undefined && !(one >= 1 && one <= 365));
    return {
      ...(name === '' ? { name: say('frequency.noName') } : {}),
      ...(isWrong ? { most: say('frequency.noNumbers') } : {}),
      ...(!isWrong && ((most === undefined) !== (period === undefined) || (most === undefined && gap === undefined))
        ? { most: say('frequency.noLimit') }
        : {}),
      ...(field === 'embedded' && embeddedName === '' ? { embeddedName: say('frequency.noEmbedded') } : {}),
      ...this.comparisonFault(written),
    };
  }

  /** Only comparisons that fit the field, with a value that fits them. */
  private comparisonFault({ field, operator, value }: WrittenRule): Record<string, string> {
    const { say } = this.words;
    if (field === '') {
      return {};
    }
    if (!textOperatorsOf(field).includes(operator)) {
      const words = textOperatorsOf(field).map((one) => `“${say(`frequency.operators.${one}`)}”`);
      const fitting = new Intl.ListFormat('en', { type: 'disjunction' }).format(words);
      return { operator: say('frequency.wrongOperator', { field: say(`frequency.fields.${field}`), fitting }) };
    }
    const kind = textValueKindOf(operator);
    return isOfKind(kind, value) ? {} : { value: say(`frequency.noValue.${kind}`) };
  }

  /** Only a list and a survey that the person can see. */
  private async scope(actor: Actor, { list, survey }: WrittenRule): Promise<Pick<RuleWords, 'listId' | 'surveyId'>> {
    const lists = list === '' ? [] : await this.audiences.listOptions(actor);
    const surveyId = survey === '' ? null : this.ids.read('SV', survey);
    if (surveyId !== null) {
      await this.surveys.mustFind(actor, surveyId, 'distributions:access');
    }
    const listId = lists.find(({ shown }) => shown === list)?.id ?? null;
    if (list !== '' && listId === null) {
      throw new Invalid('There is no such list.', { list: 'Choose a list of the menu.' });
    }
    return { listId, surveyId };
  }

  private row(rule: FrequencyRule, canEdit: boolean): object {
    const { say } = this.words;
    const { most, periodHours, gapHours, counts, isOn } = rule;
    const limits = [
      ...(most === null || periodHours === null
        ? []
        : [this.words.counted('frequency.mostIn', most, { days: periodHours / HOURS })]),
      ...(gapHours === null ? [] : [say('frequency.gapOf', { days: gapHours / HOURS })]),
    ];
    return {
      shown: this.ids.show('FR', rule.id),
      name: rule.name,
      limits: limits.join(' · '),
      counts: counts.map((kind) => say(`frequency.kind.${kind}`)).join(', '),
      scope: this.scopeWords(rule),
      pill: isOn ? { tone: 'done', text: say('frequency.on') } : { tone: 'idle', text: say('frequency.off') },
      isOn,
      canEdit,
    };
  }

  private scopeWords({ listId, surveyId, conditions }: FrequencyRule): string {
    const { say } = this.words;
    const parts = [
      ...(listId === null ? [] : [say('frequency.oneList')]),
      ...(surveyId === null ? [] : [say('frequency.oneSurvey')]),
      ...conditions.map(({ field, name, operator, value }) =>
        say('frequency.where', {
          field: field === 'embedded' ? name : say(`frequency.fields.${field}`),
          operator: say(`frequency.operators.${operator}`),
          value,
        }),
      ),
    ];
    return parts.length === 0 ? say('frequency.everybody') : parts.join(' · ');
  }

  private options(key: 'field' | 'operator', values: readonly string[], chosen: string): object[] {
    return values.map((value) => ({
      value,
      label: this.words.say(`frequency.${key}s.${value === '' ? 'none' : value}`),
      selected: value === chosen,
    }));
  }

  private async lists(actor: Actor, chosen: string): Promise<object[]> {
    const lists = await this.audiences.listOptions(actor);
    const options = lists.map(({ shown, name }) => ({ value: shown, label: name, selected: shown === chosen }));
    return [{ value: '', label: this.words.say('frequency.allLists') }, ...options];
  }

  private async surveyOptions(actor: Actor, chosen: string): Promise<object[]> {
    const surveys = await this.surveys.list(actor, { size: MOST_SURVEYS });
    const options = surveys.map(({ id, name }) => {
      const value = this.ids.show('SV', id);
      return { value, label: name, selected: value === chosen };
    });
    return [{ value: '', label: this.words.say('frequency.allSurveys') }, ...options];
  }

  private crumbs(...steps: { text: string }[]): object[] {
    const { say } = this.words;
    const own = { href: addresses.frequency.rules(), text: say('frequency.title') };
    return [
      { href: addresses.contacts.lists(), text: say('frequency.contacts') },
      ...(steps.length === 0 ? [{ text: own.text }] : [own, ...steps]),
    ];
  }
}

function wholeNumber(text: string): number | undefined {
  return text === '' ? undefined : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
}

function hoursOf(days: number | undefined): number | null {
  return days === undefined ? null : days * HOURS;
}

function daysOf(hours: number | null | undefined): string {
  return hours === null || hours === undefined ? '' : String(hours / HOURS);
}

const FIRST_RULE: WrittenRule = {
  name: '',
  most: '2',
  periodDays: '30',
  gapDays: '',
  list: '',
  survey: '',
  invite: true,
  reminder: true,
  thankYou: false,
  field: '',
  embeddedName: '',
  operator: 'is',
  value: '',
};

function writtenOf(rule: FrequencyRule | undefined, ids: Ids): WrittenRule {
  if (rule === undefined) {
    return FIRST_RULE;
  }
  const { name, most, periodHours, gapHours, listId, surveyId, counts, conditions } = rule;
  const [condition] = conditions;
  return {
    name,
    most: String(most ?? ''),
    periodDays: daysOf(periodHours),
    gapDays: daysOf(gapHours),
    list: listId === null ? '' : ids.show('CG', listId),
    survey: surveyId === null ? '' : ids.show('SV', surveyId),
    invite: counts.includes('Invite'),
    reminder: counts.includes('Reminder'),
    thankYou: counts.includes('ThankYou'),
    ...(condition === undefined
      ? { field: '', embeddedName: '', operator: 'is', value: '' }
      : { ...condition, embeddedName: condition.name, name }),
  };
}
