import type { Method } from '../surveys/methods.service.js';
import { addresses } from '../platform/web/addresses.js';

const url = addresses.distributions.anonymous;

/** The one open link: it is there without being made, so that there is nothing to count. */
export const anonymousLink: Method = {
  name: 'anonymous',
  icon: 'web',
  title: 'links.anonymous.title',
  url,
  permissions: [],
  start: { title: 'links.anonymous.title', text: 'links.anonymous.methodText', url, permissions: [] },
};
