import { SessionState, Session, Leaving, Held, type WalkBrowsers, type KeptWalk, type SealedWalk } from './session.js';
import type { Unit } from '../../platform/db/database.js';
import {
  CLOSE,
  CLOSE_ANONYMOUS,
  DROP,
  KEEP,
  KEEP_WALK,
  LOCK_BY_ID,
  LOCK_BY_LINK,
  LOCK_BY_START,
  LOOK_BY_ID,
  LOOK_BY_LINK,
  START,
  START_AGAIN,
  START_ANONYMOUS,
  START_ANONYMOUS_AGAIN,
  TELL_EXPIRED,
} from './sessions.sql.js';
import type { Way } from '../visit.js';

/** What pages show of the brand. */
export interface RespondentBrand {
  name: string;
  accent: string;
  privacyUrl: string;
  imprintUrl: string;
  timeZone: string;
}

export interface SessionRow {
  id: string | null;
  survey_id: string;
  version_id: string | null;
  state: SessionState;
  status: number;
  walk: KeptWalk;
  started_at: Date;
  last_activity_at: Date;
  expires_at: Date | null;
  channel: string;
  source: string;
  link_id: string | null;
  is_anonymous: boolean;
  start_key: string | null;
}

interface LookRow extends SessionRow {
  brand_name: string;
  accent: string;
  privacy_url: string;
  imprint_url: string;
  brand_zone: string;
}

export interface NewSession {
  way: Way;
  /** Where the start came from; not stored. */
  address: string;
  versionId: string | undefined;
  channel: string;
  source: string;
  status: number;
  device: string;
  startKey: string;
  startedAt: Date;
  isAnonymous: boolean;
  browsers: WalkBrowsers | undefined;
  /** It was counted as started before. */
  isAgain?: boolean;
}

/** A walk as its session keeps it after a page: in the clear, or sealed where answers are anonymous. */
export interface StoredWalk {
  walk: KeptWalk | SealedWalk;
  progress: number;
  now: Date;
  expiresAt: Date | null;
  /** When its session may be dropped because nothing was answered. */
  forgetAt: Date | null;
}

/** The brand, and the session that the visit has: that of the person's own link, or the one its cookie or address names. */
export async function brandAndSession(
  unit: Unit,
  way: Way,
  sessionId: string | undefined,
): Promise<{ brand: RespondentBrand; session: Session | undefined }> {
  const [row] =
    way.entry.walk === 'ofLink'
      ? await unit.prepared<LookRow>('session-look-link', LOOK_BY_LINK, [way.brandId, way.link?.id])
      : await unit.prepared<LookRow>('session-look', LOOK_BY_ID, [way.brandId, sessionId ?? null]);
  return { brand: brandOf(row!), session: sessionOf(row!, way) };
}

function brandOf(row: LookRow): RespondentBrand {
  const { brand_name: name, accent, privacy_url: privacyUrl, imprint_url: imprintUrl, brand_zone: timeZone } = row;
  return { name, accent, privacyUrl, imprintUrl, timeZone };
}

/** What pages show of the brand where there is no walk. */
export async function brandAlone(unit: Unit, brandId: string): Promise<RespondentBrand> {
  return brandOf((await unit.prepared<LookRow>('session-look', LOOK_BY_ID, [brandId, null]))[0]!);
}

/** The session by one of the three ways in which a page can name it, locked until the page is stored. */
export async function lockSession(
  unit: Unit,
  way: Way,
  by: { link?: string | undefined; id?: string | undefined; start?: string | undefined },
): Promise<Session | undefined> {
  const [row] =
    by.link !== undefined
      ? await unit.prepared<SessionRow>('session-lock-link', LOCK_BY_LINK, [by.link])
      : by.id !== undefined
        ? await unit.prepared<SessionRow>('session-lock', LOCK_BY_ID, [by.id])
        : await unit.prepared<SessionRow>('session-lock-start', LOCK_BY_START, [by.start]);
  return row === undefined ? undefined : sessionOf(row, way);
}

const NO_LINK = { id: null, contactId: null, distributionId: null };

/** @returns the session's number, or undefined when the same start or the same link was there first */
export async function startSession(
  unit: Unit,
  fresh: NewSession,
  standing: StoredWalk,
  leaving: Leaving,
): Promise<string | undefined> {
  const expiresAt = leaving.state === 'open' ? standing.expiresAt : null;
  const facts = [...startOf(fresh, { ...standing, expiresAt }, leaving.state), ...leavingColumns(leaving)];
  const [name, sql] = fresh.isAgain ? (['again', START_AGAIN] as const) : (['start', START] as const);
  const [row] = await unit.prepared<{ id: string }>(`session-${name}`, sql, facts);
  return row?.id;
}

/** As `startSession`, where answers are anonymous. @param held what the walk leaves, if its first page was its last one */
export async function startAnonymously(
  unit: Unit,
  fresh: NewSession,
  standing: StoredWalk,
  held: Held | undefined,
): Promise<string | undefined> {
  const facts =
    held === undefined
      ? startOf(fresh, standing, 'open')
      : startOf({ ...fresh, device: '' }, { ...standing, progress: 0, expiresAt: held.dueAt }, 'finished');
  const [name, sql] = fresh.isAgain
    ? (['again', START_ANONYMOUS_AGAIN] as const)
    : (['start', START_ANONYMOUS] as const);
  const [row] = await unit.prepared<{ id: string }>(`session-${name}-anonymous`, sql, [...facts, ...heldColumns(held)]);
  return row?.id;
}

function startOf(fresh: NewSession, standing: StoredWalk, state: SessionState): unknown[] {
  const { way, versionId, channel, source, status, device, startKey, startedAt } = fresh;
  const { id: linkId, contactId, distributionId } = way.link ?? NO_LINK;
  return [
    way.brandId,
    way.surveyId,
    versionId ?? null,
    linkId,
    contactId,
    distributionId,
    way.entry.walk === 'ofLink' ? linkId : null,
    channel,
    source,
    status,
    state,
    standing.walk,
    standing.progress,
    languageOf(standing),
    device,
    startedAt,
    standing.now,
    standing.expiresAt,
    startKey,
    state === 'open' ? standing.forgetAt : null,
  ];
}

export async function keepSession(unit: Unit, id: string, standing: StoredWalk): Promise<void> {
  const { walk, progress, now, expiresAt, forgetAt } = standing;
  const isAnonymous = 'sealed' in walk;
  const facts = [id, walk, progress, languageOf(standing), now, expiresAt, isAnonymous, forgetAt];
  await unit.prepared('session-keep', KEEP, facts);
}

/** Writes how it stands with the proofs of a walk; the walk itself stays where it is. */
export async function keepWalk(unit: Unit, id: string, walk: KeptWalk | SealedWalk): Promise<void> {
  await unit.prepared('session-keep-walk', KEEP_WALK, [id, walk]);
}

/** Closes an open session and writes its response. @param activity the last thing that the respondent did */
export async function closeSession(
  unit: Unit,
  id: string,
  standing: Omit<StoredWalk, 'forgetAt'>,
  leaving: Leaving,
  activity: Date = standing.now,
): Promise<void> {
  const { walk, progress, now } = standing;
  const facts = [id, leaving.state, walk, progress, activity, now, languageOf(standing), ...leavingColumns(leaving)];
  await unit.prepared('session-close', CLOSE, facts);
}

/** Closes an open session whose answers are anonymous: who took part stays here, what was answered waits elsewhere. */
export async function closeAnonymously(
  unit: Unit,
  id: string,
  { walk, now, state, activity }: Pick<StoredWalk, 'walk' | 'now'> & { state: SessionState; activity: Date },
  held: Held,
): Promise<void> {
  const facts = [id, state, walk, held.dueAt, activity, now, ...heldColumns(held)];
  await unit.prepared('session-close-anonymous', CLOSE_ANONYMOUS, facts);
}

/** Tells that the time to finish a walk is over, whatever is kept of it. @param isAnonymous told to the day */
export async function tellExpired(unit: Unit, id: string, now: Date, isAnonymous: boolean): Promise<void> {
  await unit.prepared('session-tell-expired', TELL_EXPIRED, [id, now, isAnonymous]);
}

export async function dropSession(unit: Unit, id: string): Promise<void> {
  await unit.prepared('session-drop', DROP, [id]);
}

/** A row of the survey that the way leads to; a ticket of another survey's session finds nothing. */
export function sessionOf(row: SessionRow, way: Pick<Way, 'surveyId'>): Session | undefined {
  return row.id === null || row.survey_id !== way.surveyId
    ? undefined
    : {
        id: row.id,
        surveyId: row.survey_id,
        versionId: row.version_id ?? undefined,
        state: row.state,
        status: row.status,
        walk: row.walk,
        startedAt: row.started_at,
        lastActivityAt: row.last_activity_at,
        expiresAt: row.expires_at,
        channel: row.channel,
        source: row.source,
        hasLink: row.link_id !== null,
        startKey: row.start_key,
        isAnonymous: row.is_anonymous,
      };
}

function leavingColumns({ ending, answers, embedded, person }: Leaving): unknown[] {
  return [ending, answers, embedded, person];
}

function heldColumns(held: Held | undefined): unknown[] {
  return [held?.id ?? null, held?.dueAt ?? null, held?.sealed ?? null];
}

/** A sealed walk tells no language: some contact may be the only one with it. */
function languageOf({ walk }: Pick<StoredWalk, 'walk'>): string {
  return 'sealed' in walk ? '' : walk.language;
}
