import { markedChannel } from './anonymous.entry.js';
import { asSurveySays, type Entry } from './entry.js';

/** The draft as people would meet it by the open link, with its marks: `/preview/<token>`. */
export const preview: Entry = {
  name: 'preview',
  prefix: 'preview',
  knows: 'nobody',
  walk: 'ofBrowser',
  mayAsk: [],
  isInvitation: false,
  isTrial: true,
  forgetsUnanswered: false,
  brandOf: async (links, token) => (await links.resolvePreview(token))?.brandId,
  find: (links, token) => links.resolvePreview(token),
  channel: markedChannel,
  wayOut: asSurveySays,
};
