import { FoldResponsesJob } from '../../src/distributions/fold_responses.job.js';
import { CHANNELS } from '../../src/links/channels.js';
import { SessionsService } from '../../src/responses/sessions/sessions.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aRecipient } from './recipients.js';
import { Respondent } from './respondent.js';

const DAY = 86_400_000;

interface Told {
  kind: string;
  channel: string;
  link_id: string | null;
  distribution_id: string | null;
}

describe('what is told of walks', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
  });
  afterAll(() => world.close());

  const openPath = (): string => `/a/${world.ids.show('SV', survey.id)}`;
  const query = <T>(statement: string, facts: unknown[] = []): Promise<T[]> =>
    world.database.inBrand(ada.actor.brandId, (unit) => unit.sql<T>(statement, facts));
  const told = (): Promise<Told[]> =>
    query('SELECT kind, channel, link_id, distribution_id FROM response_outbox WHERE survey_id = $1 ORDER BY id', [
      survey.id,
    ]);
  const walk = async (path: string): Promise<Respondent> => {
    const respondent = await Respondent.at(world, path);
    await respondent.send({ QID1: '1' });
    return respondent;
  };
  const fold = (): Promise<void> => world.app.get(FoldResponsesJob).perform({ brandId: ada.actor.brandId });

  it('names channel, link and distribution, and is nothing where nobody reads it', async () => {
    const { id, path, distributionId } = await aRecipient(world, survey, ada);
    await walk(openPath());
    await walk(`${openPath()}?Q_CHL=qr`);
    await walk(`${openPath()}?Q_SocialSource=linkedin`);
    await walk(path);
    expect(await told()).toEqual([{ kind: 'started', channel: 'email', link_id: id, distribution_id: distributionId }]);
  });

  it('goes on to the end of a walk or of its time, and never tells of previews', async () => {
    const [first, second] = [await aRecipient(world, survey, ada), await aRecipient(world, survey, ada)];
    await (await walk(first.path)).send({ QID2: 'All of it' });
    await walk(second.path);
    await walk(`/preview/${world.ids.token('preview', survey.id)}`);
    world.clock.forward(366 * DAY);
    await world.app.get(SessionsService).closeExpiredSessions(survey.brandId);
    expect((await told()).map(({ kind }) => kind)).toEqual([
      'started',
      'finished',
      'started',
      'session_expired',
      'partial',
    ]);
  });

  it('reaches the ledger where there is a link, and is done with where there is none', async () => {
    const { path, messageId } = await aRecipient(world, survey, ada);
    await walk(openPath());
    await walk(path);
    await fold();
    expect(await told()).toEqual([]);
    expect(await query('SELECT id FROM messages WHERE started_at IS NOT NULL')).toEqual([{ id: messageId }]);
  });

  it('knows the channels of one list, which the database keeps to', async () => {
    const [list] = await query<{ text: string }>(`SELECT prosrc AS text FROM pg_proc WHERE proname = 'is_channel'`);
    expect(list!.text.match(/(?<=')\w+(?=')/g)).toEqual([...CHANNELS]);
    const fax = query(
      `INSERT INTO response_outbox (brand_id, kind, survey_id, channel, at) VALUES ($1, 'started', $2, 'fax', $3)`,
      [survey.brandId, survey.id, world.clock.now()],
    );
    await expect(fax).rejects.toThrow('response_outbox_channel');
  });
});
