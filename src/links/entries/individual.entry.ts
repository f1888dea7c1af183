import { asSurveySays, type Entry } from './entry.js';
import { ownLink } from './own_link.js';

/** One contact and one response: by a mail or handed out, begun here and gone on with on any device. */
export const individual: Entry = {
  ...ownLink,
  name: 'individual',
  linkKind: 'individual',
  walk: 'ofLink',
  mayAsk: ['proof'],
  isInvitation: true,
  wayOut: asSurveySays,
};
