import { audienceOptions } from '../mails/audience_options.js';
import { type FormAround, sampleOptions } from '../mails/composition.views.js';
import type { WrittenLinks } from './personal_links.forms.js';

/** Fields of `distributions/personal/new`. */
export function linksFields(
  written: WrittenLinks,
  { say, faults, lists, segments }: Pick<FormAround, 'say' | 'faults' | 'lists' | 'segments'>,
): object {
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
    linkDays: field('linkDays', { short: true, inputmode: 'numeric', suffix: say('form.days'), required: true }),
    embedded: field('embedded', { rows: 3, mono: true, help: say('personal.embeddedHelp') }),
  };
}
