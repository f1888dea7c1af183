import type { Entry } from './entry.js';

/** What all links that were made for one contact have in common: `/s/<token>`. */
export const ownLink = {
  prefix: 's',
  knows: 'contact',
  isTrial: false,
  // Whoever has such a link comes back by it, and the contact's own words say what the address need not.
  forgetsUnanswered: false,
  brandOf: (links, token) => links.brandOfLink(token),
  find: async (links, token) => {
    const found = await links.resolve(token);
    return found && { brandId: found.brandId, surveyId: found.link.surveyId, link: found.link };
  },
  channel: (_query, link) => ({ channel: link!.channel, source: '' }),
} satisfies Partial<Entry>;
