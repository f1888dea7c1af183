import type { Unit } from '../../src/platform/db/database.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import type { World } from '../world.js';

/** What a response leaves for the roll-ups. */
export interface DeltaWish {
  hour?: Date;
  channel?: string;
  source?: string;
  started?: number;
  finished?: number;
  partial?: number;
}

export async function aDelta(world: World, survey: Survey, wish: DeltaWish): Promise<void> {
  const { hour = world.clock.now() } = wish;
  await world.database.inBrand(survey.brandId, (unit) => aDeltaIn(unit, survey, { ...wish, hour }));
}

async function aDeltaIn(unit: Unit, survey: Survey, wish: DeltaWish & { hour: Date }): Promise<void> {
  const { hour, channel = 'anonymous', source = '', started = 0, finished = 0, partial = 0 } = wish;
  await unit.run(
    `INSERT INTO summary_deltas (brand_id, survey_id, hour, channel, source, started, finished, partial)
     VALUES ($1, $2, date_trunc('hour', $3::timestamptz, 'UTC'), $4, $5, $6, $7, $8)`,
    [survey.brandId, survey.id, hour, channel, source, started, finished, partial],
  );
}

/** A walk from the first page to its end, with everything that it writes. */
export async function aResponse(
  world: World,
  survey: Survey,
  { at = world.clock.now(), channel = 'anonymous', finished = true, status = 0 } = {},
): Promise<void> {
  await world.database.inBrand(survey.brandId, async (unit) => {
    const session = await unit.one<{ id: string }>(
      `INSERT INTO sessions (brand_id, survey_id, version_id, channel, status, state, walk, started_at, last_activity_at, closed_at)
       VALUES ($1, $2, $3, $4, $5, $6, '{}', $7, $7, $7) RETURNING id`,
      [survey.brandId, survey.id, survey.publishedVersionId, channel, status, finished ? 'finished' : 'partial', at],
    );
    await unit.run(
      `INSERT INTO responses (brand_id, session_id, survey_id, version_id, channel, status, finished, progress, language,
         started_at, ended_at, recorded_at, duration_seconds, answers)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 100, 'en', $8, $8, $8, 60, '{}')`,
      [survey.brandId, session.id, survey.id, survey.publishedVersionId, channel, status, finished, at],
    );
    if (status === 0) {
      await aDeltaIn(unit, survey, { hour: at, channel, started: 1, ...(finished ? { finished: 1 } : { partial: 1 }) });
    }
  });
}

/** A distribution whose ledger has `states[state]` messages in each state. */
export async function aDistribution(
  world: World,
  survey: Survey,
  wish: { channel?: string; name?: string; states?: Record<string, number> },
): Promise<string> {
  const { channel = 'email', name = 'Invitation', states = {} } = wish;
  const requestType = channel === 'gl' ? 'GeneratedInvite' : 'Invite';
  const status = channel === 'gl' ? 'generated' : 'done';
  return world.database.inBrand(survey.brandId, async (unit) => {
    const { id } = await unit.one<{ id: string }>(
      `INSERT INTO distributions (brand_id, survey_id, owner_id, channel, request_type, name, link_type, status, created_at, modified_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'Individual', $7, $8, $8) RETURNING id`,
      [survey.brandId, survey.id, survey.ownerId, channel, requestType, name, status, world.clock.now()],
    );
    for (const [state, count] of Object.entries(states)) {
      await unit.run(
        `INSERT INTO messages (brand_id, distribution_id, survey_id, recipient, address, state)
         SELECT $1, $2, $3, '{}', 'p' || n || '@example.org', $4 FROM generate_series(1, $5::int) n`,
        [survey.brandId, id, survey.id, state, count],
      );
    }
    return id;
  });
}

/** The sums over roll-ups and unfolded deltas of a survey, and how many deltas wait. */
export async function countedIn(
  world: World,
  survey: Survey,
): Promise<{ started: number; finished: number; partial: number; waiting: number }> {
  return world.database.inBrand(survey.brandId, (unit) =>
    unit.one(
      `SELECT coalesce(sum(started), 0)::int AS started, coalesce(sum(finished), 0)::int AS finished,
         coalesce(sum(partial), 0)::int AS partial, (SELECT count(*)::int FROM summary_deltas) AS waiting
       FROM (SELECT started, finished, partial FROM summary_rollups WHERE survey_id = $1
             UNION ALL SELECT started, finished, partial FROM summary_deltas WHERE survey_id = $1) counted`,
      [survey.id],
    ),
  );
}
