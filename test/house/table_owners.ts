/** Which room each table belongs to: its SQL writes it, its entity maps it, its README tells of it. */
export const OWNERS: Record<string, readonly string[]> = {
  platform: [
    'idempotency_keys',
    'installation_keys',
    'migrations',
    'occurrences',
    'schedule_occurrences',
    'web_sessions',
  ],
  accounts: ['api_tokens', 'sign_in_failures', 'sign_in_links', 'sign_in_places', 'users'],
  brands: ['api_minutes', 'audit_entries', 'brands', 'divisions', 'permission_overrides', 'user_types'],
  contacts: [
    'contact_import_rejects',
    'contact_import_staging',
    'contact_imports',
    'contact_list_members',
    'contact_lists',
    'contacts',
    'opt_outs',
    'segments',
    'suppressions',
  ],
  library: ['library_messages', 'library_shares'],
  mailer: ['from_domain_keys', 'from_domains', 'mailbox_mails', 'provider_pauses', 'relays'],
  inbound: ['inbound_days', 'inbound_mails', 'mailbox_cursors', 'stray_mails'],
  surveys: ['survey_picture_files', 'survey_pictures', 'survey_shares', 'survey_uploads', 'survey_versions', 'surveys'],
  limits: ['send_buckets', 'send_scopes'],
  links: ['links'],
  responses: [
    'draw_counts',
    'held_answers',
    'response_exports',
    'response_outbox',
    'responses',
    'sessions',
    'summary_deltas',
  ],
  ledger: [
    'distribution_alerts',
    'distribution_tallies',
    'distribution_tally_deltas',
    'distributions',
    'message_attempts',
    'message_events',
    'messages',
  ],
  audiences: ['distribution_audiences', 'frequency_rules'],
  planning: ['distribution_outlooks'],
  distributions: ['user_choices'],
  emails: ['mail_contents', 'mail_pictures'],
  deliverability: [
    'address_failures',
    'deliverability_days',
    'deliverability_deltas',
    'distribution_evidence',
    'reply_forwardings',
    'warm_up_days',
    'warm_ups',
  ],
  notices: ['notice_choices', 'notice_events', 'notices'],
  summaries: ['summary_rollups', 'summary_totals'],
};

export interface Exception {
  tables: readonly string[];
  reason: string;
}

/** Who writes tables of others, and why it is no call of theirs. These may only become fewer. */
export const FOREIGN_WRITES: Record<string, Exception> = {
  accounts: {
    tables: ['web_sessions'],
    reason: 'Whoever changes a password ends the sessions of that person; the store of sessions knows no people.',
  },
  audiences: {
    tables: ['brands'],
    reason: 'The switch for follow-ups stands beside the rules, and is kept with the brand.',
  },
  deliverability: {
    tables: ['inbound_mails', 'suppressions'],
    reason: 'Pages of suppressions change many rows at once; a reply is marked as forwarded where it was forwarded.',
  },
  distributions: {
    tables: ['deliverability_deltas', 'links', 'messages', 'response_outbox', 'sessions'],
    reason: 'The outbox of answers is folded, and links are changed for all of their rows, in one statement each.',
  },
  emails: {
    tables: ['response_outbox'],
    reason: 'An opening is told in the outbox in the statement that asks whether anything may be kept of it.',
  },
  planning: {
    tables: ['links', 'messages'],
    reason:
      'Hot: a thousand links and messages are planned, held or moved by one statement (batches.sql.ts says its time).',
  },
  sending: {
    tables: ['deliverability_deltas', 'message_attempts', 'message_events', 'messages'],
    reason: 'Hot: what hundreds of senders ask or have to tell goes to the ledger in one commit (wire.sql.ts).',
  },
  summaries: {
    tables: ['distribution_tallies', 'distribution_tally_deltas', 'summary_deltas'],
    reason: 'Deltas are folded by deleting them, in the statement that adds them up (decision 001).',
  },
};

/** Who reads tables of others in statements of their own, and why. These may only become fewer. */
export const FOREIGN_READS: Record<string, Exception> = {
  accounts: {
    tables: ['web_sessions'],
    reason: 'Sessions of a person, for the page of their devices.',
  },
  audiences: {
    tables: [
      'brands',
      'contact_list_members',
      'contacts',
      'distributions',
      'links',
      'messages',
      'opt_outs',
      'segments',
      'suppressions',
    ],
    reason: 'Hot: an audience is drawn, and asked about, in one statement over people, their mails and their wishes.',
  },
  brands: {
    tables: ['users'],
    reason: 'Names of people beside entries, and who administers a brand; accounts stand below.',
  },
  contacts: {
    tables: ['brands', 'messages', 'responses', 'sessions', 'users'],
    reason: 'Segments ask about mails and ends of surveys, which are above: the conditions name what they read.',
  },
  deliverability: {
    tables: [
      'distribution_tallies',
      'distribution_tally_deltas',
      'distributions',
      'inbound_mails',
      'mail_contents',
      'message_events',
      'messages',
    ],
    reason: 'What came back is weighed with the message and the distribution that it is about.',
  },
  demo: {
    tables: ['links'],
    reason: 'Looks for the link that it made.',
  },
  distributions: {
    tables: [
      'brands',
      'contact_lists',
      'contacts',
      'distributions',
      'links',
      'mail_contents',
      'messages',
      'response_outbox',
      'segments',
      'surveys',
    ],
    reason:
      'Pages and files about rows of the ledger, their links and people, a page at a time; the name of an audience, to be kept.',
  },
  emails: {
    tables: [
      'brands',
      'contact_list_members',
      'contact_lists',
      'contacts',
      'distributions',
      'library_messages',
      'messages',
      'response_outbox',
      'surveys',
      'users',
    ],
    reason: 'What a mail says of its sender, brand and list, and who opts out by it.',
  },
  inbound: {
    tables: ['messages'],
    reason: 'Whether a token names a message that there is.',
  },
  ledger: {
    tables: ['contact_list_members', 'contacts', 'links', 'responses', 'sessions'],
    reason: 'Pages of recipients show people, links and answers beside each row, 50 at a time.',
  },
  library: {
    tables: ['divisions', 'users'],
    reason: 'Names of those who share messages.',
  },
  limits: {
    tables: ['brands', 'divisions', 'users'],
    reason: 'Allowances stand with people, divisions and brands, and are read under the lock of the week.',
  },
  links: {
    tables: ['contact_list_members', 'contacts'],
    reason: 'A link of a person is made with what is known of them.',
  },
  notices: {
    tables: ['brands', 'distributions', 'divisions', 'relays', 'send_buckets', 'survey_shares', 'surveys', 'users'],
    reason: 'Tells of what happens in all rooms; nobody uses it.',
  },
  people: {
    tables: ['permission_overrides', 'user_types', 'users'],
    reason: 'A page of people with their types and overrides, in one statement.',
  },
  planning: {
    tables: [
      'brands',
      'contact_list_members',
      'contact_lists',
      'contacts',
      'distribution_tallies',
      'distributions',
      'messages',
      'response_outbox',
      'segments',
      'survey_shares',
      'surveys',
      'users',
    ],
    reason: 'Hot: checks and times of an audience that may have a million people, one statement each.',
  },
  readiness: {
    tables: ['distributions', 'frequency_rules', 'from_domains', 'warm_ups'],
    reason: 'Tells in what state each part of a brand is; nobody uses it.',
  },
  responses: {
    tables: ['brands', 'survey_versions', 'surveys'],
    reason: 'The survey that a session walks, with its brand and version, read in one round trip.',
  },
  sending: {
    tables: [
      'brands',
      'contact_list_members',
      'contacts',
      'distributions',
      'links',
      'mail_contents',
      'messages',
      'surveys',
    ],
    reason: 'Hot: the last question before a message leaves, about everything that may have changed (wire.sql.ts).',
  },
  summaries: {
    tables: [
      'distribution_tallies',
      'distribution_tally_deltas',
      'distributions',
      'responses',
      'sessions',
      'summary_deltas',
    ],
    reason: 'Figures are read where they stand; nobody uses it.',
  },
  surveys: {
    tables: ['sessions', 'summary_deltas', 'summary_totals', 'users'],
    reason: 'Names of owners, and numbers of answers beside a survey in lists.',
  },
};
