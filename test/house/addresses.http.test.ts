import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addressNamed, addresses } from '../../src/platform/web/addresses.js';
import type { Brand } from '../../src/brands/brand.entity.js';
import { Config } from '../../src/platform/config.js';
import { Tickets } from '../../src/responses/sessions/tickets.js';
import { exampleDefinition } from '../../src/engine/definition.js';
import { type Person, startWorld, type World } from '../world.js';
import { type Asking, askedOf, type Shown } from './addresses.js';
import { type Owned, ownEverything } from './owned.js';
import { type Route, routesOf } from './routes.js';
import { sourcesOf } from './sources.js';

/** Asked for by programs, by browsers of their own accord, or by links of other makers; no page of ours leads there. */
const UNLINKED = /^\/(API|healthz|readyz|\.well-known|jfe)(\/|$)/;
const HERE = { domain: '127.0.0.1', path: '/', secure: false, script: false };
/** What is no path of the product although it looks like one. */
const NO_ADDRESS: [source: RegExp, found: RegExp, why: string][] = [
  [/^src\/platform\/web\/assets\.ts$/, /^\/assets\//, 'files, which `asset` names with their hash'],
  [/^src\/platform\/log\.ts$/, /^\/(assets|a)\//, 'what the log leaves out of the addresses that were asked for'],
  [/^src\/platform\/(run_lock|db\/embedded)\.ts$/, /^\/(proc|var|usr)\//, 'files of the machine'],
  [/^src\/engine\//, /^\/(choices|columns|row\/)/, 'names of columns and places of orders'],
  [/\/link_changes\.controller\.ts$/, /^\/(emails|personal-links)\//, 'the front part of its routes'],
  [/\/respondents\.controller\.ts$/, /^\/end\//, 'the end of its routes'],
];

const NAMES = Object.entries(addresses).flatMap(([room, places]) =>
  Object.keys(places).map((name) => `${room}.${name}`),
);

describe('the addresses of the product', () => {
  const sources = sourcesOf('src', '.ts').filter(({ path }) => path !== 'src/platform/web/addresses.ts');
  const views = sourcesOf('views', '.hbs');

  it('are written in one file: no other source begins a text with a path, or goes on from an address with one', () => {
    const written = sources.flatMap(({ path, text }) =>
      [...withoutRoutes(text).matchAll(/['"`](\/[a-z][\w/-]*)(?=['"`?#$])|`\$\{[^`}]*\}(\/[a-z][\w/-]*)/g)]
        .map(([, whole, below]) => whole ?? below!)
        .filter((found) => !NO_ADDRESS.some(([source, form]) => source.test(path) && form.test(found)))
        .map((found) => `${path}: ${found}`),
    );
    expect(written).toEqual([]);
  });

  it('are not put together by templates either', () => {
    const written = views.flatMap(({ path, text }) =>
      [...text.matchAll(/\s(?:href|src|action|formaction|hx-[a-z:]+)="([^"]*)"/g)]
        .filter(([, value]) => /^\/(?!assets\/)|\}\}\/[a-z{]/.test(value!))
        .map(([found]) => `${path}:${found}`),
    );
    expect(written).toEqual([]);
  });

  it('are asked for by templates with as many parts as they have', () => {
    for (const { text } of views) {
      for (const [, name, parts] of text.matchAll(/\burlOf '([^']*)'([^})]*)/g)) {
        expect(addressNamed(name!, parts!.trim() === '' ? [] : parts!.trim().split(/\s+/))).toMatch(/^\//);
      }
    }
  });

  it('are all led to by some page or mail', () => {
    const text = [...sources, ...views].map((source) => source.text).join('\n');
    const unused = NAMES.filter((name) => !isUsed(name, text));
    expect(unused).toEqual([]);
  });
});

describe('each address of the product', () => {
  let world: World;
  let ada: Person;
  let asked: Asking[];
  let routes: Route[];

  beforeAll(async () => {
    world = await startWorld();
    const acme = await world.aBrand('Acme');
    ada = await world.aPerson(acme, { type: 'administrator' });
    const owned = await ownEverything(world, acme, ada);
    asked = askedOf(world, owned, await more(world, ada, owned));
    routes = routesOf(world.app);
  });
  afterAll(() => world.close());

  it('leads somewhere', async () => {
    const lost: object[] = [];
    for (const { name, address } of asked.filter(({ methods }) => methods.includes('GET'))) {
      const { status, to } = await answerOf(address);
      if (![200, 302, 303, 409].includes(status) || to.startsWith(addresses.accounts.signIn())) {
        lost.push({ name, address, status });
      }
    }
    expect(lost).toEqual([]);
  });

  it('has the routes by which pages ask and post', () => {
    const missing = asked.flatMap(({ name, address, methods }) =>
      methods.filter((method) => routeOf(method, address) === undefined).map((method) => `${method} ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('is there for every page: no route is without one', () => {
    const reached = new Set(
      asked.flatMap(({ address, methods }) => methods.map((method) => routeOf(method, address)?.name)),
    );
    const bare = routes.filter((route) => !UNLINKED.test(route.path) && !reached.has(route.name));
    expect(bare.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  /** The route that answers: of several that fit, the one with the fewest parameters. */
  function routeOf(method: string, address: string): Route | undefined {
    const path = address.replace(/[?#].*$/, '');
    const fitting = routes.filter((route) => route.method === method && patternOf(route.path).test(path));
    const parameters = (route: Route): number => route.path.split(':').length;
    return fitting.toSorted((one, other) => parameters(one) - parameters(other))[0];
  }

  /** Only how it begins: a stream of events has no end. */
  async function answerOf(address: string): Promise<{ status: number; to: string }> {
    const headers = { cookie: ada.agent.jar.getCookies(HERE).toValueString() };
    const {
      status,
      headers: answered,
      body,
    } = await fetch(`${await world.app.getUrl()}${address}`, { headers, redirect: 'manual' });
    await body?.cancel();
    return { status, to: answered.get('location') ?? '' };
  }
});

/** Routes are patterns that Nest reads; comments name paths as people do. */
function withoutRoutes(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .replaceAll(/@(?:Controller|Get|Post|Put|Patch|Delete)\([\s\S]*?\)\n/g, '')
    .replaceAll(/^import [\s\S]*? from '[^']*';$/gm, '');
}

/** By its name, or taken out of its room under it. */
function isUsed(name: string, text: string): boolean {
  const [room, place] = name.split('.') as [string, string];
  const taken = new RegExp(`\\b${place}\\b[^;\\n]*\\} = addresses\\.${room}\\b`);
  const byChoice = new RegExp(`addresses\\.${room}\\[`).test(text) && new RegExp(`'${place}'`).test(text);
  return (
    new RegExp(`addresses\\.${room}\\.${place}\\b|urlOf '${room}\\.${place}'`).test(text) ||
    taken.test(text) ||
    byChoice
  );
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`);
}

/** What `ownEverything` leaves out: a draft, personal links, what came back, pictures, an upload, a colleague, a division. */
async function more(world: World, ada: Person, owned: Owned): Promise<Shown> {
  const { brandId, userId } = ada.actor;
  const colleague = await world.aPerson({ id: brandId } as Brand, { firstName: 'Grace' });
  const file = join(world.app.get(Config).dataDir, 'export.csv');
  await writeFile(file, 'QID1\n');
  const now = world.clock.now();
  const picture = Buffer.from('GIF89a');
  return world.database.inBrand(brandId, async (unit) => {
    const id = async (sql: string, values: unknown[]): Promise<string> =>
      (await unit.one<{ id: string }>(`${sql} RETURNING id`, [brandId, ...values])).id;
    const copyOf = async (changes: string): Promise<string> => {
      const copy = await id(
        `INSERT INTO distributions (brand_id, owner_id, created_at, modified_at, heading, survey_id, request_type, link_type, list_id,
           channel, status)
         SELECT brand_id, owner_id, created_at, modified_at, heading, survey_id, request_type, link_type, list_id, ${changes}
         FROM distributions WHERE brand_id = $1 AND id = $2`,
        [owned.distribution],
      );
      await unit.run(
        `INSERT INTO mail_contents (brand_id, distribution_id, subject, from_name, from_email, body_html)
         SELECT brand_id, $1, subject, from_name, from_email, body_html FROM mail_contents WHERE distribution_id = $2`,
        [copy, owned.distribution],
      );
      return copy;
    };
    const links = await copyOf(`'gl', 'done'`);
    const { linkId } = await unit.one<{ linkId: string }>('SELECT link_id AS "linkId" FROM messages WHERE id = $1', [
      owned.message,
    ]);
    await unit.run(`UPDATE contact_imports SET shape = '{"columns":["Name"]}' WHERE id = $1`, [owned.import]);
    await unit.run('UPDATE sessions SET link_id = $1 WHERE id = $2', [linkId, owned.session]);
    await unit.run(
      `UPDATE response_exports SET file_path = $1, settings = '{"format":"csv","compress":false}' WHERE id = $2`,
      [file, owned.export],
    );
    const upload = await id(
      `INSERT INTO survey_uploads (brand_id, id, owner_id, file_name, name, definition, options, report, created_at, expires_at)
       VALUES ($1, gen_random_uuid(), $2, 'a.qsf', 'A survey', $3, '{}', '[]', $4, $5)`,
      [userId, JSON.stringify(exampleDefinition()), now, new Date(now.getTime() + 3_600_000)],
    );
    await unit.run(
      `INSERT INTO survey_picture_files (brand_id, sha, type, bytes, width, height, content, created_at)
       VALUES ($1, '\\x01', 'image/gif', 6, 1, 1, $2, $3)`,
      [brandId, picture, now],
    );
    const surveyPicture = 'p'.repeat(32);
    await unit.run(
      `INSERT INTO survey_pictures (brand_id, key, address, state, sha, created_at)
       VALUES ($1, $2, 'https://pictures.example/a.gif', 'kept', '\\x01', $3)`,
      [brandId, surveyPicture, now],
    );
    const mailPicture = await id(
      `INSERT INTO mail_pictures (brand_id, owner_id, type, bytes, width, height, content, created_at)
       VALUES ($1, $2, 'image/gif', 6, 1, 1, $3, $4)`,
      [userId, picture, now],
    );
    const returned = await id(
      `INSERT INTO inbound_mails (brand_id, message_id, addressed, source, source_key, sender, recipient, raw, received_at, state)
       VALUES ($1, $2, 'bounce', 'smtp', 'one', '', 'b@acme.example', $3, $4, 'done')`,
      [owned.message, Buffer.from('Subject: Full\r\n\r\nNo room.'), now],
    );
    const libraryMessage = await id(
      `INSERT INTO library_messages (brand_id, owner_id, category, name, language, words, created_at, modified_at)
       VALUES ($1, $2, 'invite', 'An invitation', 'en', $3, $4, $4)`,
      [userId, JSON.stringify({ en: { subject: 'Hello', preheader: '', body: '', text: '' } }), now],
    );
    const division = await id('INSERT INTO divisions (brand_id, name, created_at) VALUES ($1, $2, $3)', ['North', now]);
    const link = world.ids.token('link', linkId);
    const way = { path: addresses.respondents.link(link) } as Parameters<Tickets['ofSession']>[0];
    return {
      upload,
      links: world.ids.show('EMD', links),
      linkedMessage: world.ids.show('MS', owned.message),
      draft: world.ids.show('EMD', await copyOf(`'email', 'draft'`)),
      sharer: world.ids.show('UR', colleague.user.id),
      division: world.ids.show('DV', division),
      libraryMessage: world.ids.show('MS', libraryMessage),
      surveyPicture,
      mailPicture: world.ids.token('picture', mailPicture),
      link,
      returned,
      ticket: world.app.get(Tickets).ofSession(way, owned.session),
    };
  });
}
