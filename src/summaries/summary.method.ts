import type { Method } from '../surveys/methods.service.js';
import { addresses } from '../platform/web/addresses.js';

/** What came of all methods; it stands above them, and begins nothing. */
export const summary: Method = {
  name: 'summary',
  icon: 'summary',
  title: 'summaries.title',
  url: addresses.distributions.summary,
  permissions: [],
};
