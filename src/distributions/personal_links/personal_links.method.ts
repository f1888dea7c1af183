import type { Method } from '../../surveys/methods.service.js';
import { addresses } from '../../platform/web/addresses.js';

/** Links made at once and handed out as a file. */
export const personalLinks: Method = {
  name: 'personal',
  icon: 'link',
  title: 'distributions.personal.title',
  url: addresses.personalLinks.list,
  permissions: [],
  rows: `SELECT FROM distributions WHERE survey_id = $1 AND channel = 'gl' AND deleted_at IS NULL`,
  start: {
    title: 'distributions.personal.title',
    text: 'distributions.methods.personalText',
    url: addresses.personalLinks.new,
    permissions: ['distributions:send'],
  },
};
