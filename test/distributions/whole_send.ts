import type pg from 'pg';
import { exampleDefinition } from '../../src/engine/definition.js';
import type { SinkProcess } from '../mailer/witness.js';
import type { AppProcess } from './app_process.js';
import { until } from '../waiting.js';

const BODY = '<p>Dear ${m://FirstName}</p><p>${l://SurveyLink?d=Answer}</p><p>${l://OptOutLink?d=No more}</p>';

/** A send as a program asks for it: by the API, to a running installation. */
export interface WholeSend {
  app: AppProcess;
  token: string;
  sql: pg.Client;
  people: number;
}

/** What a program posts to send a list its invitations at once. */
export function invitationTo(surveyId: string, mailingListId: unknown): object {
  return {
    message: { messageText: BODY },
    recipients: { mailingListId },
    header: {
      fromEmail: 'people@acme.example',
      fromName: 'Acme',
      replyToEmail: 'people@acme.example',
      subject: 'Hello',
    },
    surveyLink: { surveyId, type: 'Individual' },
    sendDate: '2026-01-01T00:00:00Z',
  };
}

/** Makes a survey and a list of people `person.N@example.com`, and sends to all. @returns where the distribution is */
export async function sendToEverybody({ app, token, sql, people }: WholeSend): Promise<string> {
  await sql.query(
    `INSERT INTO surveys (brand_id, owner_id, name, stage, draft, published_draft_number, created_at, modified_at)
     SELECT brand_id, id, 'Pulse', 'active', $1, 1, now(), now() FROM users`,
    [exampleDefinition()],
  );
  await sql.query(
    `WITH version AS (
       INSERT INTO survey_versions (brand_id, survey_id, number, definition, published_at)
       SELECT brand_id, id, 1, draft, now() FROM surveys RETURNING id)
     UPDATE surveys SET published_version_id = version.id FROM version`,
  );
  const directory = (await app.call(token, 'GET', '/directories')).body.result['elements'] as { directoryId: string }[];
  const lists = `/directories/${directory[0]!.directoryId}/mailinglists`;
  const list = (await app.call(token, 'POST', lists, { name: 'Everybody' })).body.result['id'];
  await sql.query(
    `WITH people AS (
       INSERT INTO contacts (brand_id, first_name, email, created_at, modified_at)
       SELECT brand_id, 'Person ' || n, 'person.' || n || '@example.com', now(), now()
       FROM contact_lists, generate_series(1, $1) n RETURNING brand_id, id)
     INSERT INTO contact_list_members (brand_id, list_id, contact_id, added_at)
     SELECT people.brand_id, contact_lists.id, people.id, now() - interval '1 minute' FROM people, contact_lists`,
    [people],
  );
  const surveys = (await app.call(token, 'GET', '/surveys')).body.result['elements'] as { id: string }[];
  const sent = await app.call(token, 'POST', '/distributions', invitationTo(surveys[0]!.id, list));
  expect(sent.body.meta).toMatchObject({ httpStatus: '200 - OK' });
  return `${String(sent.body.result['id'])}?surveyId=${surveys[0]!.id}`;
}

/** Waits until the witness has taken so many more; a send that is over has none. */
export async function moreMails(sink: Pick<SinkProcess, 'witnessed'>, count: number, most: number): Promise<void> {
  const before = sink.witnessed().length;
  await until(() => sink.witnessed().length >= Math.min(most, before + count));
}

/** Waits for the end of the distribution at `place`; `meanwhile` is done at each look. */
export async function untilDone(
  { app, token }: Pick<WholeSend, 'app' | 'token'>,
  place: string,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const isDone = async (): Promise<boolean> => {
    await meanwhile();
    const { body } = await app.call(token, 'GET', `/distributions/${place}`);
    return body.result['requestStatus'] === 'Done';
  };
  await until(isDone, { everyMs: 200 });
}
