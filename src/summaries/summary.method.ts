import type { Method } from '../surveys/methods.service.js';

/** What came of all methods; it stands above them, and begins nothing. */
export const summary: Method = {
  name: 'summary',
  icon: 'summary',
  title: 'summaries.title',
  url: (survey) => `/surveys/${survey}/distributions`,
  permissions: [],
};
