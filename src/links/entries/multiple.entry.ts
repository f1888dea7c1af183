import { asSurveySays, type Entry } from './entry.js';
import { ownLink } from './own_link.js';

/** One contact's link that may be answered any number of times and passed on, so that it invites nobody in particular. */
export const multiple: Entry = {
  ...ownLink,
  name: 'multiple',
  linkKind: 'multiple',
  walk: 'ofBrowser',
  mayAsk: ['whose'],
  isInvitation: false,
  wayOut: asSurveySays,
};
