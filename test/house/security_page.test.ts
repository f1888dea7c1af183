import { readFile, writeFile } from 'node:fs/promises';
import type { Response } from 'supertest';
import { ENDPOINTS } from '../../src/brands/api_endpoints.js';
import { bounceLimits } from '../../src/inbound/bounce_limits.js';
import { readConfig } from '../../src/platform/config.js';
import { AREAS, type Contract } from '../../src/platform/web/bodies/contract.js';
import { contractsOf } from '../../src/platform/web/bodies/contracts.js';
import { PATIENCE } from '../../src/platform/web/admission/connections.js';
import { MAIL_BOUNDS } from '../../src/platform/web/html/mail_bounds.js';
import { CODE, DIGITS } from '../../src/responses/proofs/codes.js';
import { BOUNDS } from '../../src/engine/questions/bounds.js';
import { type Person, startWorld, type World } from '../world.js';

const PAGE = 'docs/security.md';

/** Settings that bound what comes in, with what they say. */
const SETTINGS = [
  ['REQUESTS_AT_ONCE', 'requests of a network for pages, at once'],
  ['REQUESTS_PER_SECOND', 'the same, again each second'],
  ['MISSES_AT_ONCE', 'requests of a network for links that there are not, at once'],
  ['MISSES_PER_SECOND', 'the same, again each second'],
  ['STARTS_AT_ONCE', 'walks that a network begins in one survey, at once'],
  ['STARTS_PER_SECOND', 'the same, again each second'],
  ['SURVEY_STARTS_AT_ONCE', 'walks that all networks begin in one survey, at once'],
  ['SURVEY_STARTS_PER_SECOND', 'the same, again each second'],
  ['POSTED_MB_AT_ONCE', 'megabytes that a network posts to pages of respondents, at once'],
  ['POSTED_KB_PER_SECOND', 'kilobytes, again each second'],
  ['API_REQUESTS_PER_MINUTE', 'calls of the API by all tokens of a brand in a minute'],
  ['BODY_SECONDS', 'seconds until a body is there; files: more by their size'],
  ['BODY_MEMORY_MB', 'megabytes of bodies in memory at once, and a third on top for strangers; a network: half'],
  ['CONNECTIONS_AT_ONCE', 'connections of a network, where no proxy stands in front'],
  ['BOUNCE_CONNECTIONS', 'connections at the bounce port'],
  ['BOUNCE_CONNECTIONS_PER_ADDRESS', 'of them from one address'],
  ['INBOUND_STORE_MB', 'megabytes of mails that came back'],
  ['INBOUND_KEEP_DAYS', 'days that their words are kept'],
  ['STRAY_KEEP_DAYS', 'days that mails are kept whose message is gone'],
  ['TASK_PROCESSES', 'processes that work at what authors bring'],
  ['TASK_MEMORY_MB', 'megabytes of memory of each of them'],
] as const;

/** @returns the lines of a Markdown table */
function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const number = (value: number): string => value.toLocaleString('en');

function bodyOf({ kinds, bytes, fields, depth, file }: Contract): string[] {
  const size = bytes < 1024 * 1024 ? `${bytes / 1024} kB` : `${Math.round(bytes / 1024 / 1024)} MB`;
  const upload = file === undefined ? '' : `${number(file.bytes)} bytes`;
  return kinds.length === 0
    ? ['nothing', '', '', '', '']
    : [kinds.join(', '), size, number(fields), `${depth}`, upload];
}

function bodies(world: World): string {
  const areaOf = (route: { method: string; path: string; who: never }): Contract =>
    AREAS.find(({ holds }) => holds({ method: route.method, paths: [route.path], rule: route.who }))!.contract;
  const own = contractsOf(world.app).filter(
    (route) => bodyOf(route).join() !== bodyOf(areaOf(route as never)).join() && route.kinds.length > 0,
  );
  const areas = AREAS.map(({ name, contract }) => [`*${name}*`, ...bodyOf(contract)]);
  const routes = own.map((route) => [`${route.method} ${route.path}`, ...bodyOf(route)]);
  return table(
    ['requests', 'take', 'bytes', 'fields', 'depth', 'file'],
    [...areas, ...routes.toSorted(([one = ''], [other = '']) => one.localeCompare(other))],
  );
}

function limits(world: World): string {
  const config = readConfig({ PORT: '0' });
  const { relays: _, lookMs: __, ...bouncePort } = bounceLimits();
  const named = (bounds: Record<string, number>, ms = false): string[][] =>
    Object.entries(bounds).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
      ms ? `${value / 1000} s` : number(value),
    ]);
  return [
    '### Doors',
    table(
      ['setting', 'unset', 'bounds'],
      SETTINGS.map(([key, words]) => [`\`${key}\``, number(config[key]), words]),
    ),
    '### Bodies of requests',
    bodies(world),
    '### Calls of the API, by token and minute',
    table(
      ['calls', 'at most'],
      ENDPOINTS.map(({ name, perMinute }) => [name, number(perMinute)]),
    ),
    '### The bounce port',
    table(['of', 'at most'], named(bouncePort)),
    '### A code for another device',
    table(['of', 'at most'], named({ ...CODE, digits: DIGITS })),
    '### Patience with connections',
    table(['for', 'at most'], named(PATIENCE, true)),
    '### A survey',
    table(['of', 'at most'], named(BOUNDS)),
    '### A mail',
    table(['of', 'at most'], named(MAIL_BOUNDS)),
  ].join('\n\n');
}

/** What is the same on each answer is told once; a nonce is another one each time. */
function headersOf(answer: Response): Map<string, string> {
  const told = /^(content-security|x-(?!request-id|powered)|referrer|strict|cross|origin|cache-control)/;
  return new Map(
    Object.entries(answer.headers as Record<string, string>)
      .filter(([name]) => told.test(name))
      .map(([name, value]) => [name, value.replaceAll(/'nonce-[^']+'/g, "'nonce-…'")]),
  );
}

async function headers(world: World, ada: Person): Promise<string> {
  const answers = {
    'a page of the console': headersOf(await ada.agent.get('/surveys').expect(200)),
    'a page of respondents': headersOf(await world.visitor().get('/s/none').expect(404)),
    'the API': headersOf(await world.visitor().get('/API/v3/whoami').set('X-API-TOKEN', ada.token).expect(200)),
    'a file of ours': headersOf(await world.visitor().get('/assets/app.js')),
  };
  const names = [...new Set(Object.values(answers).flatMap((each) => [...each.keys()]))].toSorted();
  const rows = names.map((name) => {
    const values = Object.entries(answers).map(([where, each]) => ({ where, value: each.get(name) ?? 'none' }));
    const isSame = new Set(values.map(({ value }) => value)).size === 1;
    const told = isSame ? [`\`${values[0]!.value}\``] : values.map(({ where, value }) => `${where}: \`${value}\``);
    return [`\`${name}\``, told.join('<br>')];
  });
  return table(['header', 'value'], rows);
}

describe('The page on security', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand());
  });
  afterAll(() => world.close());

  it('tells the headers and limits that there are', async () => {
    const parts = { headers: await headers(world, ada), limits: limits(world) };
    const page = await readFile(PAGE, 'utf8');
    let made = page;
    for (const [name, text] of Object.entries(parts)) {
      const place = new RegExp(`(<!-- ${name}: begin -->\n)[^]*?(<!-- ${name}: end -->)`);
      made = made.replace(place, (_, begin: string, end: string) => `${begin}${text}\n${end}`);
    }
    if (process.env['UPDATE_DOCS'] === '1') {
      await writeFile(PAGE, made);
    } else {
      expect(page).toBe(made);
    }
  });
});
