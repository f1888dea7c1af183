import { ContactsService } from '../../src/contacts/contacts.service.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, hasFinished, workOff } from '../distributions/builders.js';

const AT = new Date('2026-05-03T09:00:00Z');

/** What happens to people: several at once, so that the order of reasons shows. */
const FATES: Readonly<Record<string, readonly ('noAddress' | 'outBrand' | 'outList' | 'blocked' | 'finished')[]>> = {
  none: [],
  nowhere: ['noAddress', 'outBrand'],
  silent: ['outBrand', 'outList', 'blocked'],
  unlisted: ['outList', 'finished'],
  refused: ['blocked', 'finished'],
  done: ['finished'],
};
const NAMES = Object.keys(FATES);

describe('the reasons of planning and of the wire', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let listId: string;
  let contactIds: string[];
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
  });
  beforeEach(async () => {
    await world.forget();
    world.clock.set();
    sink.script = () => undefined;
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    ({ listId, contactIds } = await anAudience(
      world,
      ada,
      NAMES.map((name) => ({ email: `${name}@example.com` })),
    ));
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  const SQL = {
    noAddress: `UPDATE contacts SET email = '' WHERE id = $1 AND $2::timestamptz IS NOT NULL`,
    outBrand: 'UPDATE contacts SET opted_out_at = $2 WHERE id = $1',
    outList: 'UPDATE contact_list_members SET opted_out_at = $2 WHERE contact_id = $1',
  };
  const befall = async (): Promise<void> => {
    for (const [place, name] of NAMES.entries()) {
      const id = contactIds[place]!;
      for (const fate of FATES[name]!) {
        if (fate === 'finished') {
          await hasFinished(world, survey, id);
        } else if (fate === 'blocked') {
          const blocked = { address: `${name}@example.com`, reason: 'bounced' as const, at: world.clock.now() };
          await world.app.get(ContactsService).suppress(ada.actor.brandId, blocked);
        } else {
          await world.database.inBrand(ada.actor.brandId, (unit) => unit.run(SQL[fate], [id, AT]));
        }
      }
    }
  };
  const reasonsOf = async (distribution: { id: string }): Promise<unknown[]> => {
    const rows = await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql<{ state: string; reason: string; at: Date }>(
        'SELECT state, reason, reason_at AS at FROM messages WHERE distribution_id = $1 ORDER BY contact_id',
        [distribution.id],
      ),
    );
    return rows.map(({ state, reason, at }) => [state, reason, at]);
  };
  const TOLD = [
    ['accepted', null, null],
    ['skipped', 'no_address', null],
    ['skipped', 'opted_out_brand', AT],
    ['skipped', 'opted_out_list', AT],
    ['skipped', 'suppressed', null],
    ['skipped', 'finished', null],
  ];

  it('are the same, whichever of them comes to ask', async () => {
    sink.script = ({ stage }) => (stage === 'rcpt' ? { reply: '450 4.2.1 Not now' } : undefined);
    const atWire = await aDistribution(world, ada, survey, { listId, subject: 'First' });
    await workOff(world);
    await befall();
    sink.script = () => undefined;
    const whenPlanning = await aDistribution(world, ada, survey, { listId, subject: 'Second' });
    await workOff(world);
    world.clock.forward(600_000);
    await workOff(world);
    expect(await reasonsOf(whenPlanning)).toEqual(TOLD);
    expect(await reasonsOf(atWire)).toEqual(TOLD);
  });

  it('are dated only where they hold since an instant: somebody’s opt-out says nothing of the survey’s end', async () => {
    sink.script = ({ stage }) => (stage === 'rcpt' ? { reply: '450 4.2.1 Not now' } : undefined);
    const distribution = await aDistribution(world, ada, survey, { listId });
    await workOff(world);
    await befall();
    sink.script = () => undefined;
    await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.run('UPDATE surveys SET available_until = $2 WHERE id = $1', [survey.id, world.clock.now()]),
    );
    world.clock.forward(600_000);
    await workOff(world);
    expect(await reasonsOf(distribution)).toEqual(NAMES.map(() => ['skipped', 'survey_closed', null]));
  });
});
