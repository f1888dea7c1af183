/** The built-in user types of every brand, by key. */
export const BUILT_IN_TYPES = {
  administrator: 'Brand administrator',
  standard: 'Standard',
  distributor: 'Distributor',
  viewer: 'Viewer',
  interviewer: 'Interviewer',
} as const;

export type BuiltInType = keyof typeof BUILT_IN_TYPES;

interface PermissionEntry {
  label: string;
  help: string;
  /** Built-in types that have it unless a user is told otherwise; administrators have all. */
  types: readonly BuiltInType[];
}

/** Every account permission of the product. Ids are stable: they are stored and used by scripts. */
export const PERMISSIONS = {
  'surveys:create': { label: 'Create surveys', help: 'Import and create surveys.', types: ['standard'] },
  'surveys:edit': {
    label: 'Edit surveys',
    help: 'Change texts and settings of own and shared surveys.',
    types: ['standard'],
  },
  'surveys:activate': {
    label: 'Activate and pause',
    help: 'Publish, activate, pause and resume surveys.',
    types: ['standard'],
  },
  'surveys:copy': {
    label: 'Copy surveys',
    help: 'Make a copy of a survey without its responses.',
    types: ['standard'],
  },
  'surveys:collaborate': {
    label: 'Share inside the brand',
    help: 'Share own surveys with other people of the brand.',
    types: ['standard'],
  },
  'surveys:share-outside': {
    label: 'Share outside the brand',
    help: 'Share own surveys with people outside.',
    types: [],
  },
  'contacts:view': {
    label: 'See contacts',
    help: 'Open contact lists and contacts.',
    types: ['standard', 'distributor'],
  },
  'distributions:access': {
    label: 'Open distributions',
    help: 'See the Distributions tab of a survey.',
    types: ['standard', 'distributor'],
  },
  'distributions:send': {
    label: 'Send distributions',
    help: 'Send invitations and make links.',
    types: ['standard', 'distributor'],
  },
  'mailer:access': {
    label: 'Send e-mail',
    help: 'Compose and send mails from Canvass.',
    types: ['standard', 'distributor'],
  },
  'mailer:custom-headers': { label: 'Custom mail headers', help: 'Set additional header fields on mails.', types: [] },
  'sms:access': { label: 'Text messages', help: 'Send surveys by SMS.', types: [] },
  'offline:access': {
    label: 'Offline app',
    help: 'Collect responses on devices without a network.',
    types: ['interviewer'],
  },
  'director:access': {
    label: 'Survey director',
    help: 'Make director links that choose the survey.',
    types: ['standard', 'distributor'],
  },
  'panels:access': { label: 'Online panels', help: 'Buy respondents from panel vendors.', types: [] },
  'social:access': {
    label: 'Social media',
    help: 'Post surveys on social networks.',
    types: ['standard', 'distributor'],
  },
  'qr:access': { label: 'QR codes', help: 'Make QR codes for surveys.', types: ['standard', 'distributor'] },
  'directory:edit': { label: 'Edit contacts', help: 'Add, import and change contacts and lists.', types: ['standard'] },
  'directory:manage': {
    label: 'Manage the directory',
    help: 'Change frequency rules, segments and suppressions, which hold for the whole brand.',
    types: [],
  },
  'quotas:advanced': { label: 'Advanced quotas', help: 'Quotas over several fields.', types: [] },
  'responses:view-personal-data': {
    label: 'See who answered',
    help: 'See names and addresses beside responses.',
    types: ['standard'],
  },
  'responses:export': {
    label: 'Export responses',
    help: 'Download responses as files.',
    types: ['standard', 'viewer'],
  },
  'api:access': { label: 'Use the API', help: 'Make API tokens and call the API.', types: ['standard'] },
  'brand:admin': {
    label: 'Administer the brand',
    help: 'People, permissions, limits and settings of the brand.',
    types: [],
  },
  'division:admin': { label: 'Administer a division', help: 'People of one division.', types: [] },
  'audit:view': { label: 'See the audit log', help: 'Who did what, when and from where.', types: [] },
} as const satisfies Record<string, PermissionEntry>;

export type Permission = keyof typeof PERMISSIONS;

export const ALL_PERMISSIONS = Object.keys(PERMISSIONS) as Permission[];

/** What a built-in type allows unless a user is told otherwise. */
export function defaultsOf(type: BuiltInType): Permission[] {
  return type === 'administrator'
    ? ALL_PERMISSIONS
    : ALL_PERMISSIONS.filter((id) => (PERMISSIONS[id].types as readonly BuiltInType[]).includes(type));
}
