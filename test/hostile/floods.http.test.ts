import type { Response } from 'supertest';
import { readConfig } from '../../src/platform/config.js';
import { DoorLimits } from '../../src/platform/web/admission/door_limits.js';
import { UI_LANGUAGES } from '../../src/platform/web/phrases.js';
import type { Survey } from '../../src/surveys/survey.entity.js';
import { SettableClock, START } from '../clock.js';
import { aLink } from '../links/builders.js';
import { encoded, formOf } from '../responses/respondent.js';
import { countsOf, sessionsOf } from '../responses/rows.js';
import { aSurvey } from '../surveys/builders.js';
import { type Person, startWorld, type World } from '../world.js';

/** So few that a test spends them: 8 starts and one a second, 40 requests, 5 wrong addresses. */
const FEW = {
  TRUST_PROXY: '1',
  STARTS_AT_ONCE: '8',
  STARTS_PER_SECOND: '1',
  SURVEY_STARTS_AT_ONCE: '30',
  SURVEY_STARTS_PER_SECOND: '1',
  REQUESTS_AT_ONCE: '40',
  REQUESTS_PER_SECOND: '1',
  MISSES_AT_ONCE: '5',
  MISSES_PER_SECOND: '1',
  POSTED_MB_AT_ONCE: '1',
  POSTED_KB_PER_SECOND: '1',
};

let world: World;
let ada: Person;
let survey: Survey;
let path: string;
beforeAll(async () => {
  world = await startWorld(FEW);
  ada = await world.aPerson(await world.aBrand('Acme'));
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.set(new Date(world.clock.now().getTime() + 3_600_000)); // all buckets are full again
  survey = await aSurvey(world, ada);
  path = `/a/${world.ids.show('SV', survey.id)}`;
});

const get = (from: string, at = path) => world.visitor().get(at).set('X-Forwarded-For', from);

function post(from: string, page: string, at = path) {
  const fields = encoded({ ...formOf(page).fields, QID1: '1', go: 'next' });
  return world.visitor().post(at).set('X-Forwarded-For', from).type('form').send(fields).redirects(0);
}

/** One start after the other from one first page each, as a program makes them. */
async function flood(from: (turn: number) => string, count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const page = await get(from(turn));
    statuses.push(page.status === 200 ? (await post(from(turn), page.text)).status : page.status);
  }
  return statuses;
}

function expectComeBack(answer: Response, language = 'en'): void {
  expect(answer.status).toBe(429);
  expect(answer.text).toContain(`<html lang="${language}"`);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(answer.text).not.toContain('<form');
}

describe('An open link', () => {
  it('takes as many starts from one address as the settings say, and then as many as seconds go by', async () => {
    const statuses = await flood(() => '203.0.113.7', 12);
    expect(statuses.filter((status) => status === 303)).toHaveLength(8);
    expect(statuses.slice(8)).toEqual([429, 429, 429, 429]);
    expect(await sessionsOf(world, survey)).toHaveLength(8);
    world.clock.forward(3000);
    expect((await flood(() => '203.0.113.7', 5)).filter((status) => status === 303)).toHaveLength(3);
  });

  it('says on a page of the brand, without a form, when there is room again', async () => {
    await flood(() => '203.0.113.7', 8);
    const page = await get('203.0.113.7').set('Accept-Language', 'de');
    expectComeBack(page, 'de');
    expect([page.headers['retry-after'], page.headers['cache-control']]).toEqual(['1', 'no-store']);
    expect(page.text).toContain('Platz ist wieder in 1 Sekunde');
    expect(page.text).toContain('<span class="brand__name">Acme</span>');
  });

  it.each(UI_LANGUAGES)('says so in %s', async (language) => {
    await flood(() => '203.0.113.7', 8);
    const page = await get('203.0.113.7').set('Accept-Language', language);
    expectComeBack(page, language);
    expect(page.text).toContain(new Intl.RelativeTimeFormat(language, { numeric: 'always' }).format(1, 'second'));
    expect(page.text.includes('dir="rtl"')).toBe(language === 'ar');
  });

  it('takes the page that somebody had filled in when there was no room, a little later', async () => {
    const first = await get('203.0.113.7');
    await flood(() => '203.0.113.7', 8);
    const refused = await post('203.0.113.7', first.text);
    expectComeBack(refused);
    world.clock.forward(Number(refused.headers['retry-after']) * 1000);
    expect((await post('203.0.113.7', first.text)).status).toBe(303);
  });

  it('lets everybody else in: other addresses, other surveys, who has begun, and who was invited', async () => {
    const begun = await post('203.0.113.7', (await get('203.0.113.7')).text);
    const cookie = begun.headers['set-cookie']![0]!.split(';')[0]!;
    await flood(() => '203.0.113.7', 7);
    expect((await get('203.0.113.7')).status).toBe(429);
    expect((await flood(() => '203.0.113.8', 1))[0]).toBe(303);
    expect((await get('203.0.113.7', begun.headers['location']).set('Cookie', cookie)).text).toContain(
      'name="session"',
    );
    const other = await aSurvey(world, ada);
    expect((await get('203.0.113.7', `/a/${world.ids.show('SV', other.id)}`)).status).toBe(200);
    const { path: own } = await aLink(world, survey);
    const page = await get('203.0.113.7', own);
    expect((await post('203.0.113.7', page.text, own)).status).toBe(303);
  });

  it('counts an IPv6 network as one, and many networks up to what one survey takes', async () => {
    const six = await flood((turn) => `2001:db8:0:1::${turn + 1}`, 10);
    expect(six.filter((status) => status === 303)).toHaveLength(8);
    const many = await flood((turn) => `203.0.113.${turn + 1}`, 24);
    expect(many.filter((status) => status === 303)).toHaveLength(30 - 8);
  });

  it('counts one start for a page that is sent twice', async () => {
    const { text } = await get('203.0.113.7');
    const statuses = await Promise.all(Array.from({ length: 4 }, () => post('203.0.113.7', text)));
    expect(statuses.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
    expect(await sessionsOf(world, survey)).toHaveLength(1);
    expect((await countsOf(world, survey)).started).toBe(1);
    expect((await flood(() => '203.0.113.7', 8)).filter((status) => status === 303)).toHaveLength(7);
  });
});

describe('Addresses that lead nowhere', () => {
  const wrong = [
    '/s/nothing',
    `/s/1${'a'.repeat(22)}`,
    '/a/SV_nothing',
    '/preview/x',
    '/u/x',
    '/survey-pictures/x',
    '/pictures/x',
  ];

  it('are answered so often by network, whichever door they are tried at; right ones stay open to it', async () => {
    const { path: own } = await aLink(world, survey);
    const statuses: number[] = [];
    for (const at of wrong) {
      statuses.push((await get('203.0.113.7', at)).status);
    }
    expect(statuses).toEqual([404, 404, 404, 404, 404, 429, 429]);
    expectComeBack(await get('203.0.113.7', wrong[1]));
    expect((await get('203.0.113.7', own)).status).toBe(200);
    expect((await get('203.0.113.7')).status).toBe(200);
    expect((await get('203.0.113.8', wrong[0])).status).toBe(404);
  });

  it('are answered so often to all networks together', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 60; turn += 1) {
      statuses.push((await get(`198.51.100.${turn + 1}`, `/s/1${String(turn).padStart(22, 'b')}`)).status);
    }
    expect(statuses.filter((status) => status === 404)).toHaveLength(50);
    const { path: own } = await aLink(world, survey);
    expect((await get('198.51.100.1', own)).status).toBe(200);
  });
});

describe('Requests of one network', () => {
  it('are turned away at every door when they are too many, and at none of the others’', async () => {
    for (let turn = 0; turn < 40; turn += 1) {
      await get('203.0.113.7', '/sign-in');
    }
    for (const at of [path, '/s/x', '/u/x', '/preview/x', '/jfe/form/SV_1', '/sign-in', '/nothing']) {
      const answer = await get('203.0.113.7', at);
      expect([at, answer.status]).toEqual([at, 429]);
      expect(answer.headers['retry-after']).toBe('1');
    }
    expectComeBack(await get('203.0.113.7', path));
    expect((await get('203.0.113.7', '/healthz')).status).toBe(200);
    expect((await get('203.0.113.7', '/readyz')).status).not.toBe(429);
    expect((await get('203.0.113.7', '/o/x.gif')).status).toBe(200);
    expect((await get('203.0.113.8')).status).toBe(200);
  });

  it('cost no more than a few words once very many are turned away', async () => {
    const answers: Response[] = [];
    for (let turn = 0; turn < 110; turn += 1) {
      answers.push(await get('203.0.113.7', path).set('Accept-Language', 'ar'));
    }
    const last = answers.at(-1)!;
    expectComeBack(last, 'ar');
    expect(last.text).toContain('dir="rtl"');
    expect(last.text.length).toBeLessThan(1500);
  });

  it('post so much to respondents’ pages and no more', async () => {
    const { text } = await get('203.0.113.7');
    const fields = encoded({ ...formOf(text).fields, QID1: '1', go: 'back', filler: 'x'.repeat(240_000) });
    const statuses: number[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const request = world.visitor().post(path).set('X-Forwarded-For', '203.0.113.7').type('form');
      statuses.push((await request.send(fields).redirects(0)).status);
    }
    expect(statuses).toEqual([303, 303, 303, 303, 429, 429]);
    expect((await get('203.0.113.7')).status).toBe(200);
  });
});

describe('People behind one address', () => {
  it('who were all invited follow their own links at the same moment, whatever the network has spent', async () => {
    for (let turn = 0; turn < 41; turn += 1) {
      await get('203.0.113.7', '/sign-in');
    }
    expect((await get('203.0.113.7', '/sign-in')).status).toBe(429);
    const links = await Promise.all(Array.from({ length: 12 }, () => aLink(world, survey)));
    const statuses = await Promise.all(
      links.map(async ({ path: own }) => (await post('203.0.113.7', (await get('203.0.113.7', own)).text, own)).status),
    );
    expect(statuses).toEqual(links.map(() => 303));
  });

  it('cannot make a link up, nor flood with one of theirs', async () => {
    const { path: own } = await aLink(world, survey);
    const statuses: number[] = [];
    for (let turn = 0; turn < 170; turn += 1) {
      statuses.push((await get('203.0.113.7', own)).status);
    }
    expect(statuses.indexOf(429)).toBe(120 + 40);
    expect((await get('203.0.113.7', own.slice(0, -1) + (own.endsWith('a') ? 'b' : 'a'))).status).toBe(429);
  });

  it('find no way around the bound beside the addresses that have none', async () => {
    for (let turn = 0; turn < 40; turn += 1) {
      await get('203.0.113.7', '/sign-in');
    }
    for (const at of ['/healthz/x', '/readyz/x', '//assets//x', '//healthz']) {
      expect([at, (await get('203.0.113.7', at)).status]).toEqual([at, 429]);
    }
  });

  it('answer ordinary pages when somebody among them has posted all that the network may', async () => {
    const { text } = await get('203.0.113.7');
    const fill = (length: number) => ({ ...formOf(text).fields, QID1: '1', go: 'back', filler: 'x'.repeat(length) });
    const send = (length: number) =>
      world
        .visitor()
        .post(path)
        .set('X-Forwarded-For', '203.0.113.7')
        .type('form')
        .send(encoded(fill(length)))
        .redirects(0);
    for (let turn = 0; turn < 5; turn += 1) {
      await send(240_000);
    }
    expect((await send(240_000)).status).toBe(429);
    expect((await send(2000)).status).toBe(303);
  });
});

describe('What is allowed when nothing is set', () => {
  const limits = (): [DoorLimits, SettableClock] => {
    const clock = new SettableClock();
    clock.set(START);
    return [new DoorLimits(readConfig({}), clock), clock];
  };
  const isLetIn = (take: () => void): boolean => {
    try {
      take();
      return true;
    } catch {
      return false;
    }
  };

  it('lets a school of 500 behind one address start within a few minutes, and answer twenty pages', () => {
    const [doors, clock] = limits();
    for (let pupil = 0; pupil < 500; pupil += 1) {
      clock.forward(400);
      expect(isLetIn(() => doors.takeStart('203.0.113.7', '1'))).toBe(true);
      for (let page = 0; page < 40; page += 1) {
        expect(doors.requests.take('203.0.113.7')).toBe(0);
      }
      expect(doors.posted.take('203.0.113.7', { count: 20 * 1000 })).toBe(0);
    }
  });

  it('lets 3,000 people behind one address follow their invitations within five minutes, and answer ten pages', () => {
    const [doors, clock] = limits();
    for (let person = 0; person < 3000; person += 1) {
      clock.forward(100);
      for (let request = 0; request < 21; request += 1) {
        expect(doors.ownLinks.take(`${person}`)).toBe(0);
      }
    }
  });

  it('leaves of ten thousand starts in 87 seconds the burst and what fills meanwhile', () => {
    const [doors, clock] = limits();
    let taken = 0;
    for (let turn = 0; turn < 10_000; turn += 1) {
      clock.forward(8.7);
      taken += isLetIn(() => doors.takeStart('203.0.113.7', '1')) ? 1 : 0;
    }
    expect(taken).toBeLessThanOrEqual(600 + 2 * 88);
  });
});
