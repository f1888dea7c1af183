import type { Actor } from '../platform/auth/actor.js';
import type { Ids } from '../platform/ids.js';
import { type Faults, NO_FAULTS } from '../platform/web/answers.js';
import { timeZoneOptions } from '../platform/calendar/time_zones.js';
import { type Moment, moment } from '../platform/web/moments.js';
import type { Say } from '../platform/web/words.js';
import type { ApiToken } from './api_tokens.service.js';
import type { AccountState } from './own_account.service.js';
import type { User } from './user.entity.js';
import type { WebSession } from './web_sessions.service.js';

/** What somebody tried last, when the page comes back with it. */
export interface AccountTry {
  form: 'profile' | 'password' | 'token';
  typed: Record<string, string>;
  faults?: Faults;
  /** A token that was just made: shown in this answer and never again. */
  newToken?: string;
}

interface AccountSurroundings {
  now: Date;
  ids: Ids;
  say: Say;
  /** A link opened this session: it stands for the password. */
  isByLink: boolean;
  tried?: AccountTry | undefined;
}

export function accountPage(
  actor: Actor,
  { user, sessions, tokens }: AccountState,
  { now, ids, say, isByLink, tried }: AccountSurroundings,
): object {
  const of = (form: AccountTry['form']) => (tried?.form === form ? tried : undefined);
  return {
    title: say('account.title'),
    user: { name: user.name, email: user.email, hasPassword: user.passwordHash !== null },
    profile: profileForm(user, of('profile')),
    password: passwordForm(user, isByLink, of('password')),
    sessions: sessions.map((session) => sessionRow(session, { actor, now, say })),
    hasOthers: sessions.length > 1,
    api: tokens === undefined ? undefined : tokenCard(tokens, { actor, now, ids, tried: of('token') }),
  };
}

function profileForm(user: User, tried: AccountTry | undefined): object {
  const { errors, fields } = tried?.faults ?? NO_FAULTS;
  const typed = tried?.typed;
  return {
    errors,
    firstName: typed?.['firstName'] ?? user.firstName,
    firstNameError: fields['firstName'],
    lastName: typed?.['lastName'] ?? user.lastName,
    lastNameError: fields['lastName'],
    timeZones: timeZoneOptions(user.timeZone),
    timeZoneError: fields['timeZone'],
  };
}

/** What was typed into password fields never comes back in a page. */
function passwordForm(user: User, isByLink: boolean, tried: AccountTry | undefined): object {
  const { errors, fields } = tried?.faults ?? NO_FAULTS;
  return {
    errors,
    hasNone: user.passwordHash === null,
    isByLink: user.passwordHash !== null && isByLink,
    asksCurrent: user.passwordHash !== null && !isByLink,
    currentError: fields['current'],
    passwordError: fields['password'],
    email: user.email,
  };
}

interface SessionRow {
  isThis: boolean;
  browser: string;
  address: string;
  signedIn: Moment;
  active: Moment;
}

function sessionRow(session: WebSession, { actor, now, say }: { actor: Actor; now: Date; say: Say }): SessionRow {
  return {
    isThis: session.isThis,
    browser: session.browser === '' ? say('account.sessions.unknown') : session.browser,
    address: session.address,
    signedIn: moment(session.signedInAt, actor.timeZone, now),
    active: moment(session.activeAt > now ? now : session.activeAt, actor.timeZone, now),
  };
}

function tokenCard(
  tokens: ApiToken[],
  { actor, now, ids, tried }: { actor: Actor; now: Date; ids: Ids; tried: AccountTry | undefined },
): object {
  const newToken = tried?.newToken;
  const typedName = tried?.typed['name'] ?? '';
  return {
    errors: tried?.faults?.errors ?? [],
    newToken,
    newName: typedName,
    name: newToken === undefined ? typedName : '',
    nameError: tried?.faults?.fields['name'],
    tokens: tokens.map((token) => tokenRow(token, { actor, now, ids })),
  };
}

function tokenRow(token: ApiToken, { actor, now, ids }: { actor: Actor; now: Date; ids: Ids }): object {
  return {
    id: ids.show('TK', token.id),
    name: token.name,
    prefix: token.prefix,
    created: moment(token.createdAt, actor.timeZone, now),
    used: token.lastUsedAt === null ? undefined : moment(token.lastUsedAt, actor.timeZone, now),
  };
}
