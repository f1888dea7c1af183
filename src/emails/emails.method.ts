import type { Method } from '../surveys/methods.service.js';
import { addresses } from '../platform/web/addresses.js';

/** Mails to people, each with a link of their own or with the open one. */
export const emails: Method = {
  name: 'emails',
  icon: 'mail',
  title: 'distributions.title',
  url: addresses.mails.list,
  permissions: ['mailer:access'],
  // Reminders and thank-yous stand with their invitations.
  rows: `SELECT FROM distributions WHERE survey_id = $1 AND channel = 'email' AND parent_id IS NULL AND deleted_at IS NULL`,
  start: {
    title: 'distributions.methods.email',
    text: 'distributions.methods.emailText',
    url: addresses.mails.new,
    permissions: ['distributions:send', 'mailer:access'],
  },
};
