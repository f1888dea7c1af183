import type { ListRow } from '../contacts/lists/contact_lists.service.js';
import type { Ids } from '../platform/ids.js';
import type { Audience } from '../ledger/head/audience.js';
import { figure } from '../platform/figures.js';
import { type Say } from '../ledger/distribution_words.js';

export interface SegmentOption {
  id: string;
  shown: string;
  name: string;
}

/** Whom the menu offers. */
export interface Offered {
  lists: (ListRow & { shown: string })[];
  segments: readonly SegmentOption[];
  /** The one contact who is chosen. */
  person?: SegmentOption | undefined;
}

interface MenuOption {
  value: string;
  label: string;
  selected: boolean;
}
export type AudienceOption = MenuOption | { group: string; options: MenuOption[] };

/** What the menu calls the chosen one; empty where none is. */
export function chosenLabel(options: readonly AudienceOption[]): string {
  const all = options.flatMap((one) => ('group' in one ? one.options : [one]));
  return all.find(({ selected, value }) => selected && value !== '')?.label ?? '';
}

/** Lists with their sizes, then segments, whose size nobody knows before they are asked. */
export function audienceOptions(
  chosen: string,
  { lists, segments, person, say }: Offered & { say: Say },
): AudienceOption[] {
  const option = (value: string, label: string): MenuOption => ({ value, label, selected: value === chosen });
  const ofLists = lists.map(({ shown, name, contactCount }) =>
    option(shown, say('form.listOption', { count: contactCount, name, shown: figure(contactCount) })),
  );
  const ofSegments = { group: say('form.segments'), options: segments.map(({ shown, name }) => option(shown, name)) };
  const one = person === undefined ? [] : [{ group: say('form.person'), options: [option(person.shown, person.name)] }];
  return [
    { value: '', label: say('form.chooseList'), selected: chosen === '' },
    ...one,
    ...ofLists,
    ...(segments.length === 0 ? [] : [ofSegments]),
  ];
}

/** The public id of the people that a distribution is for; empty where nobody is chosen. */
export function shownAudience(
  ids: Ids,
  { listId, segmentId, contactId }: Pick<Audience, 'listId' | 'segmentId' | 'contactId'>,
): string {
  if (contactId !== null) {
    return ids.show('CID', contactId);
  }
  if (segmentId !== null) {
    return ids.show('SG', segmentId);
  }
  return listId === null ? '' : ids.show('CG', listId);
}
