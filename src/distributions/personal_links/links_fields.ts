import { audienceOptions, type Offered } from '../../audiences/audience_options.js';
import { sampleOptions } from '../../audiences/sample.js';
import type { Say } from '../../ledger/distribution_words.js';
import type { WrittenLinks } from './personal_links.forms.js';

interface LinksAround extends Offered {
  say: Say;
  /** What was wrong with what was typed, by field. */
  faults: Record<string, string>;
  timeZone: string;
}

/** Fields of `distributions/personal/new`. */
export function linksFields(written: WrittenLinks, { say, faults, lists, segments, timeZone }: LinksAround): object {
  const field = (name: keyof WrittenLinks, more: object): object => ({
    name,
    label: say(`personal.${name}`),
    value: written[name],
    error: faults[name],
    ...more,
  });
  return {
    list: field('list', {
      required: true,
      options: audienceOptions(written.list, { lists, segments, say }),
    }),
    sampleKind: field('sampleKind', {
      label: say('form.sampleKind'),
      required: true,
      options: sampleOptions(written, say),
    }),
    sampleSize: field('sampleSize', {
      label: say('form.sampleSize'),
      short: true,
      inputmode: 'numeric',
      required: true,
    }),
    nameField: field('name', { maxlength: 200, help: say('personal.nameHelp') }),
    linkType: field('linkType', {
      required: true,
      options: (['Individual', 'Multiple'] as const).map((value) => ({
        value,
        label: say(`form.link.${value}`),
        help: say(`form.link.${value}Help`),
        selected: value === written.linkType,
      })),
    }),
    ...endFields(written, field, { say, timeZone }),
    embedded: field('embedded', { rows: 3, mono: true, help: say('personal.embeddedHelp') }),
  };
}

/** Until when the links are to last: so many days, or a day. */
function endFields(
  written: WrittenLinks,
  field: (name: keyof WrittenLinks, more: object) => object,
  { say, timeZone }: Pick<LinksAround, 'say' | 'timeZone'>,
): object {
  return {
    linkEnd: field('linkEnd', {
      required: true,
      options: (['days', 'date'] as const).map((value) => ({
        value,
        label: say(`personal.linkEnd_.${value}`),
        selected: value === written.linkEnd,
      })),
    }),
    linkDays: field('linkDays', { short: true, inputmode: 'numeric', suffix: say('form.days'), required: true }),
    linkUntil: field('linkUntil', {
      type: 'date',
      suffix: timeZone,
      help: say('personal.linkUntilHelp'),
      required: true,
    }),
  };
}
