/** Who may import whom. The table is the law; a change that breaks it changes the table first, and says why. */
const MAY_USE = {
  platform: [],
  accounts: ['platform'],
  brands: ['platform', 'accounts'],
  contacts: ['platform', 'brands'],
  surveys: ['platform', 'brands', 'accounts', 'library'],
  mailer: ['platform', 'brands'],
  people: ['platform', 'accounts', 'brands', 'mailer'],
  library: ['platform', 'accounts', 'brands'],
  limits: ['platform', 'brands'],
  links: ['platform', 'brands', 'surveys', 'contacts'],
  responses: ['platform', 'brands', 'surveys', 'contacts', 'links', 'mailer'],
  ledger: ['platform', 'brands', 'contacts', 'surveys', 'links', 'responses'],
  audiences: ['platform', 'brands', 'contacts', 'surveys', 'links', 'ledger'],
  planning: ['platform', 'brands', 'surveys', 'links', 'audiences', 'limits', 'ledger'],
  sending: ['platform', 'brands', 'surveys', 'limits', 'ledger', 'audiences', 'planning'],
  distributions: [
    'platform',
    'brands',
    'contacts',
    'surveys',
    'links',
    'library',
    'responses',
    'audiences',
    'limits',
    'ledger',
    'planning',
    'sending',
  ],
  emails: [
    'platform',
    'brands',
    'contacts',
    'surveys',
    'links',
    'library',
    'responses',
    'audiences',
    'limits',
    'ledger',
    'planning',
    'sending',
    'distributions',
    'mailer',
  ],
  deliverability: [
    'platform',
    'brands',
    'contacts',
    'surveys',
    'ledger',
    'planning',
    'sending',
    'distributions',
    'emails',
    'mailer',
  ],
  demo: ['platform', 'accounts', 'brands', 'contacts', 'surveys', 'links', 'distributions', 'ledger'],
  notices: ['platform', 'accounts', 'brands', 'surveys', 'mailer', 'ledger'],
  readiness: ['platform', 'brands', 'mailer', 'limits'],
  summaries: ['platform', 'brands', 'contacts', 'surveys', 'responses', 'links'],
};

/**
 * Files of a room that others may import beside services, entities, events and modules, and that are called what they are:
 * SQL that others put into their statements, pure rules, and parts of pages.
 */
const DOORS = {
  limits: ['limit_meters', 'weekly_buckets.sql'],
  ledger: [
    'alerts',
    'composition',
    'distribution.jobs',
    'distribution_words',
    'finished.sql',
    'following',
    'ledger.sql',
    'message_moves',
    'own_pauses.sql',
    'put_off.sql',
    'reasons',
    'recipients/disclosed_rows',
    'recipients/history',
    'recipients/link_state',
    'recipients/message.views',
    'recipients/recipient_status',
    'recipients/recipients.sql',
    'recipients/recipients.views',
    'recipients/recipients_part',
    'sending_plan',
    'tallies',
  ],
  audiences: [
    'audience.sql',
    'audience_options',
    'eligibility.sql',
    'exclusion.sql',
    'kept_wishes.sql',
    'latecomers.sql',
    'policy',
    'reached.sql',
    'readers.sql',
    'reasons',
    'recipient_zones.sql',
    'sample',
    'verdicts.sql',
    'wall_days',
  ],
  planning: [
    'awakening',
    'batches.sql',
    'channel_content',
    'finding',
    'full_speed.sql',
    'outlooks.sql',
    'requeue.sql',
    'rescheduling',
    'sending_calendar',
    'sending_checks',
    'stopping',
    'timing',
    'timing.sql',
    'when_fields',
    'when_form',
    'when_words',
  ],
  sending: ['port', 'sending_pace'],
  distributions: [
    'confirm_field',
    'distributions.views',
    'emails_page',
    'follow_ups/families',
    'follow_ups/following_words',
    'follow_ups/written_following',
    'list_view',
    'personal_links/link_changes.views',
    'progress.views',
    'sending_again',
    'sending_consent',
    'shown_distribution',
    'start_page',
  ],
  emails: ['content/invitation', 'content/invitations'],
  links: ['channels', 'embedded_lines', 'entries/entry', 'link_ends'],
};

const ROOM_DOORS = Object.entries(DOORS)
  .map(([room, files]) => `^src/${room}/(${files.map((file) => file.replaceAll('.', '\\.')).join('|')})\\.ts$`)
  .join('|');

/** What other modules may import of a module; `access.ts` is the one permission function, the engine is pure. */
const FRONT_DOOR = `\\.(service|entity|events|module)\\.ts$|^src/brands/(access|identification)\\.ts$|^src/surveys/engine/|^src/contacts/email_address\\.ts$|^src/platform/|${ROOM_DOORS}`;

const directions = Object.entries(MAY_USE).map(([module, uses]) => ({
  name: `${module}-direction`,
  severity: 'error',
  from: { path: `^src/${module}/` },
  to: { path: '^src/', pathNot: `^src/(${[module, ...uses].join('|')})/` },
}));

const frontDoors = Object.keys(MAY_USE).map((module) => ({
  name: `${module}-through-the-front-door`,
  severity: 'error',
  from: { path: '^src/[^/]+/', pathNot: `^src/${module}/` },
  to: { path: `^src/${module}/`, pathNot: FRONT_DOOR },
}));

export default {
  forbidden: [
    ...directions,
    ...frontDoors,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      // Types count as well: two files that name each other's are one noun, or need a third.
      to: { circular: true },
    },
    {
      name: 'entities-and-services-know-no-http',
      severity: 'error',
      from: { path: '\\.(entity)\\.ts$' },
      to: { path: 'express|@nestjs/platform-express' },
    },
    {
      // They run in processes without settings, and each process loads what they name before its first work.
      name: 'tasks-are-pure',
      severity: 'error',
      from: { path: '\\.task\\.ts$|^src/platform/tasks/task_program\\.ts$' },
      to: {
        path: '^src/platform/db/|^src/platform/config\\.ts$|node_modules/(?:@nestjs|@mikro-orm|express)/',
        reachable: true,
      },
    },
    {
      name: 'engine-is-pure',
      severity: 'error',
      from: { path: '^src/surveys/engine/' },
      // These packages run in browsers as they are.
      to: { pathNot: '^src/surveys/engine/|node_modules/(?:zod|entities|re2js)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
