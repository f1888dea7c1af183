import { cleanText } from '../../engine/text.js';
import { asSurveySays, type Entry } from './entry.js';

/** What `Q_CHL` may say of how somebody came to the open link; anything else is nothing. */
const MARKS = ['qr', 'social'] as const;

/** The survey's one open link, `/a/SV_…`, also where a QR code or a post in a network has led to it. */
export const anonymous: Entry = {
  name: 'anonymous',
  prefix: 'a',
  knows: 'nobody',
  walk: 'ofBrowser',
  mayAsk: ['whose', 'trap'],
  isInvitation: false,
  isTrial: false,
  forgetsUnanswered: true,
  brandOf: async (links, token) => (await links.resolveSurvey(token))?.brandId,
  find: (links, token) => links.resolveSurvey(token),
  channel: markedChannel,
  wayOut: asSurveySays,
};

export function markedChannel(query: Readonly<Record<string, string>>): ReturnType<Entry['channel']> {
  const source = cleanText(query['Q_SocialSource'] ?? '').slice(0, 60);
  const mark = MARKS.find((one) => one === query['Q_CHL']);
  return { channel: mark ?? (source === '' ? 'anonymous' : 'social'), source };
}
