import type { World } from '../world.js';

export interface StoredResponse {
  id: string;
  session_id: string;
  contact_id: string | null;
  link_id: string | null;
  channel: string;
  source: string;
  status: number;
  finished: boolean;
  ending: string;
  progress: number;
  language: string;
  device: string;
  answers: Record<string, object>;
  embedded: Record<string, string>;
  person: Record<string, string>;
  duration_seconds: number;
}

type Of = { brandId: string; id: string };

export function responsesOf(world: World, { brandId, id }: Of): Promise<StoredResponse[]> {
  return world.database.inBrand(brandId, (unit) =>
    unit.sql<StoredResponse>('SELECT * FROM responses WHERE survey_id = $1 ORDER BY id', [id]),
  );
}

export function sessionsOf(
  world: World,
  { brandId, id }: Of,
): Promise<{ id: string; state: string; status: number }[]> {
  return world.database.inBrand(brandId, (unit) =>
    unit.sql('SELECT id, state, status FROM sessions WHERE survey_id = $1 ORDER BY id', [id]),
  );
}

/** Sums of the survey's deltas, folded ones too. */
export async function countsOf(world: World, { brandId, id }: Of): Promise<Record<string, number>> {
  return world.database.inBrand(brandId, (unit) =>
    unit.one<Record<string, number>>(
      `SELECT coalesce(sum(started), 0)::int AS started, coalesce(sum(finished), 0)::int AS finished, coalesce(sum(partial), 0)::int AS partial
       FROM (SELECT started, finished, partial FROM summary_deltas WHERE survey_id = $1
             UNION ALL SELECT started, finished, partial FROM summary_rollups WHERE survey_id = $1) d`,
      [id],
    ),
  );
}

export function outboxOf(
  world: World,
  brandId: string,
  linkId: string,
): Promise<{ kind: string; response_id: string | null }[]> {
  return world.database.inBrand(brandId, (unit) =>
    unit.sql('SELECT kind, response_id FROM response_outbox WHERE link_id = $1 ORDER BY id', [linkId]),
  );
}
