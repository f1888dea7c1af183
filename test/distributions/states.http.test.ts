import { readFileSync } from 'node:fs';
import type { DistributionStatus, HoldReason } from '../../src/ledger/distribution.entity.js';
import { FollowUpsService } from '../../src/distributions/follow_ups/follow_ups.service.js';
import { DistributionsService } from '../../src/distributions/distributions.service.js';
import { type Start, STARTS } from '../../src/distributions/sending_consent.js';
import { SendingChecks } from '../../src/planning/sending_checks.js';
import { Views } from '../../src/platform/web/views.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { routesOf } from '../house/routes.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';
import { each, HOLDS, LOST, NEXT, STATES } from './state_words.js';
import { aDistribution, anAudience, ledgerOf, words as written, workOff } from './builders.js';

const WORDS = new Views().words;
const TREE = JSON.parse(readFileSync('views/distributions/words.en.json', 'utf8')) as Tree;
const at = (place: string): Tree =>
  place.split('.').reduce<Tree>((tree, key) => (key === '' ? tree : (tree[key] as Tree)), TREE);
const keysOf = (place: string): string[] => {
  const found = at(place);
  return typeof found === 'object' ? Object.keys(found) : [];
};
interface Tree {
  [key: string]: Tree | string;
}

/** Everything that a text may lack: a value, a word, an end. */
const BROKEN = /undefined|\bnull\b|NaN|\{\{|\}\}|Invalid Date|distributions\.[a-z]|\(\s*\)|\bEN\b: ;|\s[,.;:]\s|\.\.\s/;

describe('the words of each state', () => {
  let world: World;
  let brand: Awaited<ReturnType<World['aBrand']>>;
  let ada: Person;
  let survey: Survey;
  let sent: { id: string; brandId: string };
  beforeAll(async () => {
    world = await startWorld();
    brand = await world.aBrand();
    ada = await world.aPerson(brand);
    survey = await aSurvey(world, ada);
    const { listId } = await anAudience(world, ada, 45);
    sent = await aDistribution(world, ada, survey, { listId, name: 'Spring' });
    await workOff(world);
  });
  afterAll(() => world.close());

  const run = (text: string, values: unknown[] = []): Promise<number> =>
    world.database.inBrand(ada.actor.brandId, (unit) => unit.run(text, values));
  const below = (id: string, path: string): string =>
    `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails/${world.ids.show('EMD', id)}${path}`;
  const url = (path = ''): string => below(sent.id, path);
  const read = async (path = ''): Promise<string> => (await ada.agent.get(url(path)).expect(200)).text;
  const soon = (ms: number): Date => new Date(world.clock.ms() + ms);
  const put = async (state: Partial<Row>, id = sent.id): Promise<void> => {
    const row = { ...PLAIN, ...state };
    await run(
      `UPDATE distributions SET status = $2, held_from = $3, held_reason = $4, error_code = $5, error_text = $6, retry_at = $7,
         held_at = $8, planned_at = CASE WHEN $9 THEN planned_at END WHERE id = $1`,
      [id, row.status, row.from, row.reason, row.code, row.text, row.retryAt, world.clock.now(), row.planned],
    );
  };

  it.each(each(STATES))('tell a distribution that is %s', async (status, [pill, words]) => {
    await put({ status, from: status === 'paused' ? 'sending' : null });
    const text = plain(await read());
    expect(text).toContain(pill);
    expect(text).toContain(words);
    expect(text).not.toMatch(BROKEN);
    await put({ status: 'done' });
  });

  it.each(each(HOLDS))('tell why a distribution waits: %s, and what happens next', async (reason, [text, next]) => {
    const code = reason === 'brand_suspended' ? 'EQD01' : `hold_${reason}`;
    const words = text === '' ? world.app.get(SendingChecks).words({ code, level: 'error' }) : text;
    await put({ status: 'held', from: 'sending', reason, text: words, retryAt: soon(320_000) });
    const shown = plain(await read());
    expect(shown).toContain('Waiting');
    expect(shown).toContain(words);
    expect(shown).toContain(next);
    expect(shown).not.toMatch(BROKEN);
    await put({ status: 'done' });
  });

  it.each(keysOf('finding').filter((code) => /^(EQD|CVS)/.test(code)))(
    'tell a failure %s with its cause and its remedy',
    async (key) => {
      const code = key.slice(0, 5); // several sentences may tell one code
      const values = { from: 'a@b.example', why: 'It is not active.', reasons: '3: has no e-mail address' };
      const more = {
        unknown: 'm://Frist',
        fields: 'subject',
        length: 1200,
        most: '998',
        size: 120,
        links: 'b.example',
        dead: 'http://x.example',
      };
      const words = world.app
        .get(SendingChecks)
        .words({ code, words: key, level: 'error', values: { ...values, ...more } });
      expect(words).toMatch(/^[A-Z“][^]*[.?] [A-Z“][^]*\.$/);
      await put({ status: 'failed', code, text: words, planned: false });
      const shown = plain(await read());
      expect(shown).toContain(words);
      expect(shown).toContain(code);
      expect(shown).toContain(NEXT[code] ?? 'Correct it and send it again.');
      expect(shown.includes('Correct and send again')).toBe(!LOST.includes(code));
      expect(shown).not.toMatch(BROKEN);
      await run('UPDATE distributions SET planned_at = sent_at WHERE id = $1', [sent.id]);
      await put({ status: 'done' });
    },
  );

  it('says when it goes on instead of Sending, where nothing leaves for hours', async () => {
    await put({ status: 'sending' });
    await run(`UPDATE messages SET state = 'queued', run_at = $2 WHERE distribution_id = $1`, [
      sent.id,
      soon(3 * 3_600_000),
    ]);
    const text = plain(await read());
    expect(text).toMatch(/Goes on in \d hours/);
    expect(text).not.toMatch(/Sending since|Sending \d/);
    await run(`UPDATE messages SET state = 'accepted', run_at = NULL WHERE distribution_id = $1`, [sent.id]);
    await put({ status: 'done' });
  });

  it('tells for each reason in a whole sentence why somebody got no mail', async () => {
    const reasons = keysOf('reason').filter((reason) => reason !== 'frequency');
    const rows = await ledgerOf(world, sent);
    expect(rows.length).toBeGreaterThanOrEqual(reasons.length);
    for (const [place, reason] of reasons.entries()) {
      const state = /^(unconfirmed|unconfirmed_twice)$/.test(reason) ? 'uncertain' : 'skipped';
      await run('UPDATE messages SET state = $2, reason = $3 WHERE id = $1', [rows[place]!.id, state, reason]);
    }
    const html = await read();
    const cells = [...html.matchAll(/<td class="dispatch__words"[^>]*>([\s\S]*?)(?:<span|<\/td>)/g)].map(([, cell]) =>
      plain(cell!),
    );
    const told = cells.filter((cell) => cell !== '');
    expect(told).toHaveLength(reasons.length);
    expect(told.filter((sentence) => !/^[A-Z].*[.]$/s.test(sentence))).toEqual([]);
    expect(plain(html)).not.toMatch(BROKEN);
    for (const chip of ['skipped', 'uncertain']) {
      expect(plain(await read(`?show=${chip}`))).not.toMatch(BROKEN);
    }
  });

  it('brings counters and the rows of the same filter by one update, and names the reasons where nobody is left', async () => {
    const now = await read('/now?was=done&on=page&show=skipped&upTo=50');
    expect(now).toMatch(/hx-target="#figures_[\s\S]*hx-target="#recipients_card"/);
    const pills = [...now.matchAll(/data-label="State"[^>]*><span class="pill[^>]*>([\s\S]*?)<\/span>/g)].map(
      ([, pill]) => plain(pill!),
    );
    expect(new Set(pills)).toEqual(new Set(['Skipped']));
    const { listId } = await anAudience(world, ada, [
      { email: '' },
      { email: 'out@example.com', optedOutAt: soon(-5000) },
    ]);
    const draft = await world.app.get(DistributionsService).compose(ada.actor, survey.id, written({ listId }));
    const review = `${url().split('/').slice(0, -1).join('/')}/${world.ids.show('EMD', draft.id)}/review`;
    const text = plain((await ada.agent.get(review).expect(200)).text);
    expect(text).toMatch(
      /Nobody is left to send to. Everybody is skipped: 1: (has no|opted out)[^;]+; 1: [^.]+[.] Choose/,
    );
    expect(text).toContain('CVS04');
  });

  it('tells every event and what a closed link is, on the page of a recipient', async () => {
    const [row] = await ledgerOf(world, sent);
    await run(`UPDATE messages SET state = 'accepted', reason = NULL WHERE id = $1`, [row!.id]);
    const kinds = keysOf('event').filter((kind) => !['told', 'note', 'list', 'brand', 'readdressedTo'].includes(kind));
    const notes = [...keysOf('event.note'), null];
    for (const [place, kind] of kinds.entries()) {
      await run(
        `INSERT INTO message_events (brand_id, message_id, kind, source, at, content, source_key) VALUES ($1, $2, $3, 'test', $4, $5, $6)`,
        [
          sent.brandId,
          row!.id,
          kind,
          soon(place),
          { note: notes[place % notes.length], recipient: 'x@y.example' },
          `${place}`,
        ],
      );
    }
    await run('UPDATE links SET revoked_at = $2 WHERE id = $1', [row!.linkId, world.clock.now()]);
    const page = plain(await read(`/messages/${world.ids.show('MS', row!.id)}`));
    expect(page).toContain('Link revoked');
    expect(page).toContain('nobody gets in by it.');
    expect(page).not.toMatch(BROKEN);
    await run('UPDATE links SET revoked_at = NULL, expires_at = $2 WHERE id = $1', [row!.linkId, soon(-1000)]);
    expect(plain(await read(`/messages/${world.ids.show('MS', row!.id)}`))).toMatch(
      /Link expired.*nobody can begin by it any more/s,
    );
  });

  describe('many mails', () => {
    /** POSTs below a mail that make no mail leave. */
    const OTHERS = ['send', 'copies', 'lists', 'pause', 'cancel', 'reopen', 'remove'];
    const BELOW = '/surveys/:id/distributions/emails/:email/';
    let wave: { id: string; brandId: string };
    beforeAll(async () => {
      const { listId } = await anAudience(world, ada, 45);
      wave = await aDistribution(world, ada, survey, { listId, name: 'Autumn', subject: 'In autumn' });
      await workOff(world);
      await run('UPDATE brands SET confirm_above = 44 WHERE id = $1', [wave.brandId]);
    });
    afterAll(() => run('UPDATE brands SET confirm_above = 1000 WHERE id = $1', [wave.brandId]));

    const standing = async (id: string): Promise<object> =>
      world.database.inBrand(wave.brandId, (unit) =>
        unit.one(
          `SELECT d.status, d.planned_at, d.waves_unsent, (SELECT array_agg(m.state ORDER BY m.id) FROM messages m
             WHERE m.distribution_id = d.id) AS states FROM distributions d WHERE d.id = $1`,
          [id],
        ),
      );
    /** Brings the wave, or a reminder of it, to where this start is possible. @returns its id */
    const ready: Record<Start, () => Promise<string>> = {
      resume: () => at45({ status: 'paused', from: 'sending' }, 'queued'),
      late: () => at45({ status: 'held', from: 'sending', reason: 'late' }, 'queued'),
      retry: () => at45({ status: 'done' }, 'failed', 'refused'),
      resend: () => at45({ status: 'done' }, 'uncertain', 'unconfirmed_twice'),
      waves: async () => {
        await run(
          `UPDATE distributions SET waves_ended_at = $2, waves_unsent = 45, waves = '{"portions": 3, "everyHours": 24, "untilFinished": 1}'
           WHERE id = $1`,
          [wave.id, world.clock.now()],
        );
        return at45({ status: 'done' }, 'cancelled', 'enough_finished');
      },
      hasten: async () => {
        await at45({ status: 'done' }, 'accepted');
        const { name: _own, listId: _list, ...mail } = written({ subject: 'Still time' });
        const time = { afterHours: 72, afterWhat: 'invitation' as const, atOnce: false };
        const words = { requestType: 'Reminder' as const, time, mail: { ...mail, name: 'Autumn' } };
        return (await world.app.get(FollowUpsService).create(ada.actor, wave.id, words)).id;
      },
    };
    const at45 = async (row: Partial<Row>, state: string, reason: string | null = null): Promise<string> => {
      await put(row, wave.id);
      await run(
        `UPDATE messages SET state = $2, reason = $3, run_at = $4, resends = CASE WHEN $2 = 'uncertain' THEN 1 ELSE 0 END
         WHERE distribution_id = $1`,
        [wave.id, state, reason, state === 'queued' ? soon(3_600_000) : null],
      );
      return wave.id;
    };

    it('have a known list of doors: whatever is posted below a mail either starts it or doesn’t', () => {
      const posts = routesOf(world.app).filter(({ method, path }) => method === 'POST' && path.startsWith(BELOW));
      const doors = posts.map(({ path }) => path.slice(BELOW.length)).filter((door) => !door.includes('/'));
      expect(doors.toSorted()).toEqual([...STARTS, ...OTHERS].toSorted());
    });

    it.each(STARTS)('are confirmed by their number before they leave: %s', async (start) => {
      const id = await ready[start]();
      const door = below(id, `/${start}`);
      const before = await standing(id);
      const asked = await ada.agent.post(door);
      expect([asked.status, plain(asked.text)]).toEqual([
        422,
        expect.stringMatching(/lets 45 mails leave.*Type 45 to/),
      ]);
      expect(asked.text).toContain(`action="${door}"`);
      expect(plain(asked.text)).not.toMatch(BROKEN);
      expect(asked.text).not.toContain('field__error');
      const wrong = await ada.agent.post(door).type('form').send({ confirm: '44' });
      expect([wrong.status, plain(wrong.text)]).toEqual([422, expect.stringContaining('Type the number of people')]);
      expect(await standing(id)).toEqual(before);
      const confirm = start === 'late' ? 'Autumn' : ' 45 ';
      expect((await ada.agent.post(door).type('form').send({ confirm })).status).toBe(303);
      expect(await standing(id)).not.toEqual(before);
      await workOff(world);
    });

    it('are not asked about where no more leave than the brand sends without a word, nor where they can’t start', async () => {
      await run('UPDATE brands SET confirm_above = 45 WHERE id = $1', [wave.brandId]);
      expect((await ada.agent.post(below(await ready.resume(), '/resume'))).status).toBe(303);
      await run('UPDATE brands SET confirm_above = 0 WHERE id = $1', [wave.brandId]);
      expect((await ada.agent.post(below(wave.id, '/resume'))).status).toBe(409);
      await at45({ status: 'done' }, 'accepted');
      for (const start of STARTS) {
        expect([start, (await ada.agent.post(below(wave.id, `/${start}`))).status]).toEqual([start, 409]);
      }
    });
  });

  it('brings what went to a person to the page of the contact, for whoever may see the survey', async () => {
    const [row] = await ledgerOf(world, sent);
    await run(
      `UPDATE messages SET state = 'accepted', reason = NULL, accepted_at = $2, opened_at = $2, bounced_at = $2, bounce_type = 'hard' WHERE id = $1`,
      [row!.id, world.clock.now()],
    );
    const [{ contactId }] = (await world.database.inBrand(ada.actor.brandId, (unit) =>
      unit.sql<{ contactId: string }>('SELECT contact_id AS "contactId" FROM messages WHERE id = $1', [row!.id]),
    )) as [{ contactId: string }];
    const contact = `/contacts/${world.ids.show('CID', contactId)}`;
    expect((await ada.agent.get(contact).expect(200)).text).toContain(`hx-get="${contact}/mails"`);
    const { text } = await ada.agent.get(`${contact}/mails`).expect(200);
    const mail = `${url()}/messages/${world.ids.show('MS', row!.id)}`;
    expect(text).toContain(`href="${mail}"`);
    await ada.agent.get(mail).expect(200);
    for (const happened of ['Invited', 'Opened the mail', 'Bounced', 'Entered in the directory', 'Put on the list']) {
      expect(plain(text)).toContain(happened);
    }
    expect(plain(text)).not.toMatch(BROKEN);
    const colleague = await world.aPerson(brand);
    const other = await colleague.agent.get(`${contact}/mails`).expect(200);
    expect(other.text).not.toContain('Spring');
    expect(plain(other.text)).toMatch(/ \d more of (a survey|surveys) that you have no access to\./);
    const stranger = await world.aPerson(await world.aBrand());
    await stranger.agent.get(`${contact}/mails`).expect(404);
  });

  it('says in files and to programs which links let nobody in any more', async () => {
    const [row] = await ledgerOf(world, sent);
    await run(
      `UPDATE messages SET state = 'accepted', reason = NULL, bounced_at = NULL, bounce_type = NULL, started_at = NULL, finished_at = NULL WHERE id = $1`,
      [row!.id],
    );
    const status = async (): Promise<string> => {
      const { text } = await ada.agent.get(url('/history.csv')).expect(200);
      return text.split(/\r?\n/)[1]!.split(',')[6]!;
    };
    await run('UPDATE links SET revoked_at = NULL, expires_at = $2 WHERE id = $1', [row!.linkId, soon(-1000)]);
    expect(await status()).toBe('Link Expired');
    await run('UPDATE links SET revoked_at = $2 WHERE id = $1', [row!.linkId, soon(-1000)]);
    expect(await status()).toBe('Link Revoked');
    await run('UPDATE messages SET finished_at = $2 WHERE id = $1', [row!.id, soon(-1000)]);
    expect(await status()).toBe('Survey Finished');
  });

  it.each(keysOf('').flatMap(countedIn))('speaks of none, one and two in the right number: %s', (key) => {
    for (const count of [0, 1, 2]) {
      const words = WORDS.t(`distributions.${key}`, {
        count,
        shown: count,
        n: count,
        title: 'x',
        name: 'x',
        words: 'x',
        who: 'x',
        most: 3,
        rest: 2,
        done: 2,
        days: 2,
      });
      expect(words).not.toMatch(BROKEN);
      expect(count === 1 ? words : 'fine').not.toMatch(
        /\b1 (?:people|mails|links|contacts|recipients|persons|reminders|days|hours|minutes|things)\b/,
      );
      expect(count === 1 ? 'fine' : words).not.toMatch(
        /\b[02] (?:person|mail|link|contact|recipient|reminder|day|hour|minute|thing)\b/,
      );
    }
  });
});

interface Row {
  status: DistributionStatus;
  from: DistributionStatus | null;
  reason: HoldReason | null;
  code: string | null;
  text: string | null;
  retryAt: Date | null;
  planned: boolean;
}

const PLAIN: Row = { status: 'done', from: null, reason: null, code: null, text: null, retryAt: null, planned: true };

/** What a page says, without its tags and what is only for machines. */
function plain(html: string): string {
  const main = /<main[\s\S]*<\/main>/.exec(html)?.[0] ?? html;
  return main
    .replaceAll(/<(?:svg|script|style)[\s\S]*?<\/(?:svg|script|style)>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ([.,;:])/g, '$1')
    .trim();
}

/** Keys of texts that come in numbers, below one key of the words. */
function countedIn(top: string): string[] {
  return keysOf(top).flatMap((key) => (key.endsWith('_one') ? [`${top}.${key.slice(0, -4)}`] : []));
}
