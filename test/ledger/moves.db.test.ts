import { messageMoves } from '../../src/ledger/message_moves.js';
import type { MessageState } from '../../src/ledger/message.entity.js';
import { endWaves } from '../../src/planning/timing.sql.js';
import { markArrived, markBounced } from '../../src/ledger/events.sql.js';
import { writeLedger } from '../../src/sending/wire.sql.js';
import { cancelMessages, claim, giveUpLeases } from '../../src/ledger/ledger.sql.js';
import { expireLeases, expireWires, resendUncertain } from '../../src/ledger/ledger_sweeps.sql.js';
import type { Unit } from '../../src/platform/db/database.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { Sink } from '../mailer/sink.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { aDistribution, anAudience, workOff } from '../distributions/builders.js';

type Listed = keyof typeof messageMoves.list;

const STATES: readonly MessageState[] = [
  'planned',
  'queued',
  'leased',
  'wire',
  'accepted',
  'failed',
  'uncertain',
  'skipped',
  'cancelled',
];
const TOKEN = '00000000-0000-4000-8000-000000000001';

describe('the statements of the ledger', () => {
  let world: World;
  let sink: Sink;
  let ada: Person;
  let survey: Survey;
  let distributionId: string;
  beforeAll(async () => {
    sink = await new Sink().listen();
    world = await startWorld({ SMTP_URL: sink.url, MAIL_DOMAIN: 'acme.example' });
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
    const { listId } = await anAudience(world, ada, STATES.length * 2);
    distributionId = (await aDistribution(world, ada, survey, { listId })).id;
    await workOff(world);
  });
  afterAll(async () => {
    await world.close();
    await sink.close();
  });

  /** Every state twice, never sent again and sent again, held by a process whose time is over. */
  const inEveryState = (unit: Unit): Promise<number> =>
    unit.run(
      `UPDATE messages m SET state = ($2::text[])[1 + (n - 1) % 9], resends = (n - 1) / 9, lease_token = $3, lease_until = $4::timestamptz - interval '1 hour',
         run_at = CASE WHEN $6 THEN $4::timestamptz END, wave = 1, resend_at = $4::timestamptz - interval '1 hour', wire_at = $5
       FROM (SELECT id, row_number() OVER (ORDER BY id)::int AS n FROM messages WHERE distribution_id = $1) numbered WHERE m.id = numbered.id`,
      [distributionId, STATES, TOKEN, world.clock.now(), world.clock.now(), true],
    );
  const statesIn = (unit: Unit): Promise<{ id: string; state: MessageState }[]> =>
    unit.sql('SELECT id, state FROM messages WHERE distribution_id = $1 ORDER BY id', [distributionId]);
  const movesOf = async (work: (unit: Unit, ids: string[]) => Promise<unknown>): Promise<string[]> => {
    const made = await world.database.inBrand(ada.actor.brandId, async (unit) => {
      await inEveryState(unit);
      const before = await statesIn(unit);
      await work(
        unit,
        before.map(({ id }) => id),
      );
      const after = await statesIn(unit);
      return before.map(({ state }, place) => `${state} ${after[place]!.state}`);
    });
    return [...new Set(made)].filter((move) => new Set(move.split(' ')).size > 1).toSorted();
  };
  const listed = (...moves: Listed[]): string[] =>
    moves.flatMap((move) =>
      Object.entries(messageMoves.list[move]).flatMap(([from, to]) => (to as string[]).map((one) => `${from} ${one}`)),
    );

  const instant = (): Date => world.clock.now();
  const each = (ids: string[], work: (id: string) => Promise<unknown>): Promise<unknown> =>
    ids.reduce<Promise<unknown>>((before, id) => before.then(() => work(id)), Promise.resolve());
  const result = { token: TOKEN, counts: false };

  it.each<[string, Listed[], (unit: Unit, ids: string[]) => Promise<unknown>]>([
    [
      'claim',
      ['claimed'],
      (unit) => claim(unit, { distributionId, token: TOKEN, now: instant(), leaseUntil: instant(), size: 99 }),
    ],
    ['give up leases', ['released'], (unit) => giveUpLeases(unit, TOKEN)],
    ['end leases that ran out', ['released'], (unit) => expireLeases(unit, instant())],
    ['end wires that ran out', ['lost'], (unit) => expireWires(unit, instant(), instant())],
    ['resend what was uncertain', ['waited'], (unit) => resendUncertain(unit, instant())],
    ['cancel', ['cancelled', 'leftInDoubt'], (unit) => cancelMessages(unit, distributionId, instant())],
    [
      'end waves',
      ['waveEnded'],
      async (unit) => {
        await unit.run('UPDATE messages SET run_at = NULL WHERE distribution_id = $1', [distributionId]);
        await endWaves(unit, distributionId, instant());
      },
    ],
    ['note that a mail arrived', ['returned'], (unit, ids) => each(ids, (id) => markArrived(unit, id, instant()))],
    [
      'note that a mail came back',
      ['returned'],
      (unit, ids) => each(ids, (id) => markBounced(unit, id, { type: 'hard', at: instant(), code: null, words: '' })),
    ],
    [
      'take to the wire',
      ['wired', 'released'],
      async (unit, ids) => {
        await unit.run(`UPDATE distributions SET status = 'sending' WHERE id = $1`, [distributionId]);
        await writeLedger(unit, {
          results: [],
          asks: ids.map((id) => ({ id, token: TOKEN })),
          now: instant(),
          wireUntil: instant(),
        });
      },
    ],
    [
      'write down that a server put it off',
      ['settled'],
      (unit, ids) =>
        writeLedger(unit, {
          results: ids.map((id) => ({ ...result, id, state: 'queued' })),
          asks: [],
          now: instant(),
          wireUntil: instant(),
        }),
    ],
    [
      'write down that a server refused',
      ['settled'],
      (unit, ids) =>
        writeLedger(unit, {
          results: ids.map((id) => ({ ...result, id, state: 'failed' })),
          asks: [],
          now: instant(),
          wireUntil: instant(),
        }),
    ],
  ])('make the moves that are listed when they %s', async (_, moves, work) => {
    const made = await movesOf(work);
    expect(made.length).toBeGreaterThan(0);
    expect(made.filter((move) => !listed(...moves).includes(move))).toEqual([]);
  });
});
