import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { contractsOf, type RouteContract } from '../../src/platform/web/bodies/contracts.js';
import { InFlight } from '../../src/platform/web/bodies/in_flight.js';
import { until } from '../waiting.js';
import { csrfOf, type Person, startWorld, type World } from '../world.js';
import { bytes, send } from './sockets.js';

const MB = 1024 * 1024;
/** What may have been on its way when it was clear that nobody wants it: buffers of the connection and of its parser. */
const UNREAD = 400_000;

const head = (line: string, type: string, ...more: string[]): string[] => [
  `${line} HTTP/1.1`,
  'Host: localhost',
  `Content-Type: ${type}`,
  ...more,
];

describe('A body that nobody asked for', () => {
  let world: World;
  let routes: RouteContract[];
  beforeAll(async () => {
    world = await startWorld();
    routes = contractsOf(world.app);
  });
  afterAll(() => world.close());

  it('is left unread by each route that does not know who sends it', async () => {
    expect(routes.length).toBeGreaterThan(200);
    for (const { method, path, who, bytes: most } of routes) {
      const address = path.replace(/:\w+/g, 'SV_000000000000000');
      const line = head(`${method} ${address}`, 'application/json', `Content-Length: ${5 * MB}`);
      const { status, read } = await send(world, line, bytes(5 * MB, '[1],'));
      const isRead = who === 'public' && most > 0;
      expect([method, path, status >= 200 && status !== 500, read < UNREAD + (isRead ? most : 0)]).toEqual([
        method,
        path,
        true,
        true,
      ]);
    }
  });

  it.each([
    ['POST /healthz', 404],
    ['GET /healthz', 200],
    ['POST /nowhere', 404],
    ['POST /API/v3/surveys', 401],
    ['POST /API//v3/surveys/', 401],
    ['POST http://elsewhere.example/API/v3/surveys', 401],
    ['POST /API/v3/nothing', 404],
    ['PUT /sign-in', 404],
    ['POST /surveys/new', 303],
    ['TRACE /sign-in', 404],
    ['OPTIONS /sign-in', 404],
    ['POST /assets/app.css', 404],
  ])('is left unread at %s, whatever its length', async (line, status) => {
    const sized = head(line, 'application/json', `Content-Length: ${5 * MB}`);
    const plain = await send(world, sized, bytes(5 * MB, '[1],'));
    expect([plain.status, plain.read < UNREAD]).toEqual([status, true]);
    const chunked = await send(world, head(line, 'application/json', 'Transfer-Encoding: chunked'), endless());
    expect([chunked.status, chunked.read < UNREAD]).toEqual([status, true]);
  });

  it('costs nobody the connection where it is small', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { port } = world.app.getHttpServer().address() as { port: number };
    const reused: boolean[] = [];
    for (const path of ['/API/v3/surveys', '/nowhere', '/healthz']) {
      const call = request({ agent, port, path, method: 'POST', headers: { 'Content-Type': 'application/json' } });
      call.end('{"name":"x"}');
      const [answer] = (await once(call, 'response')) as [IncomingMessage];
      await once(answer.resume(), 'end');
      reused.push(call.reusedSocket);
    }
    agent.destroy();
    expect(reused).toEqual([false, true, true]);
  });

  it('is not asked for, either, where the client waits to be asked', async () => {
    const line = head('POST /API/v3/surveys', 'application/json', 'Content-Length: 1000', 'Expect: 100-continue');
    const { text } = await send(world, line);
    expect(text).toMatch(/^HTTP\/1\.1 401/);
  });
});

describe('A body that is taken', () => {
  let world: World;
  let ada: Person;
  beforeAll(async () => {
    world = await startWorld({ BODY_SECONDS: '1' });
    ada = await world.aPerson(await world.aBrand());
  });
  afterAll(() => world.close());

  const asAda = (line: string, type: string, ...more: string[]) =>
    head(line, type, `X-API-TOKEN: ${ada.token}`, ...more);
  const api = 'POST /API/v3/mailinglists';

  it('is asked for when it is known who may', async () => {
    const line = asAda(api, 'application/json', 'Content-Length: 14', 'Expect: 100-continue');
    const { status, text } = await send(world, line, [Buffer.from('{"name":"One"}')]);
    expect([text.slice(0, 21), status]).toEqual(['HTTP/1.1 100 Continue', 200]);
  });

  it.each([
    ['larger than the call takes', [`Content-Length: ${6 * MB}`], () => bytes(6 * MB), 413, '2 MB'],
    ['without an end', ['Transfer-Encoding: chunked'], () => endless(), 413, '2 MB'],
    ['compressed', ['Content-Length: 9', 'Content-Encoding: gzip'], () => bytes(9), 415, 'compressed'],
    ['that stops coming', ['Content-Length: 900'], () => bytes(9), 408, 'too slowly'],
    ['that never begins', ['Content-Length: 900'], () => [], 408, 'too slowly'],
    ['that is nested too deeply', ['Content-Length: 100000'], () => bytes(100_000, '['), 400, '64 lists and objects'],
    ['of too many values', ['Content-Length: 2000000'], () => bytes(2_000_000, '[],'), 400, '20,000 at most'],
  ] as const)('and is %s is refused by its name', async (_, lines, body, status, words) => {
    const answer = await send(world, asAda(api, 'application/json', ...lines), body());
    expect([answer.status, answer.text.includes(words)]).toEqual([status, true]);
    expect(answer.text).toMatch(/^content-type: application\/json\r$/im);
    expect(answer.read).toBeLessThan(2 * MB + UNREAD);
  });

  it('and is a form of more fields than any has is refused before they are read', async () => {
    const content = 'a=%ff&'.repeat(100_000);
    const line = asAda(api, 'application/x-www-form-urlencoded', `Content-Length: ${content.length}`);
    const { status, text } = await send(world, line, [Buffer.from(content)]);
    expect([status, text.includes('Too many fields were sent: 5,000 at most.')]).toEqual([400, true]);
  });
});

describe('A multipart form', () => {
  let world: World;
  let ada: Person;
  let csrf: string;
  let cookie: string;
  beforeAll(async () => {
    world = await startWorld({ BODY_MEMORY_MB: '48' });
    ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    const page = await ada.agent.get('/account');
    csrf = csrfOf(page.text);
    cookie = (page.request as unknown as { cookies: string }).cookies;
  });
  afterAll(() => world.close());

  const parts = (line: string, ...more: string[]) => head(line, 'multipart/form-data; boundary=b', ...more);
  const asAda = (path: string, ...more: string[]) =>
    parts(`POST ${path}?_csrf=${encodeURIComponent(csrf)}`, `Cookie: ${cookie}`, ...more);
  const file = (content: Iterable<Buffer>, name = 'file') => [
    Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"; filename="a"\r\n\r\n`),
    ...content,
    Buffer.from('\r\n--b--\r\n'),
  ];
  const chunked = function* (body: Iterable<Buffer>): Generator<Buffer> {
    for (const piece of body) {
      yield Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);
    }
    yield Buffer.from('0\r\n\r\n');
  };

  it.each([
    ['/u/anything', 404], // whatever stands in a body is no matter there; the link is of nobody
    ['/s/anything', 415],
    ['/a/anything', 415],
    ['/preview/anything', 415],
    ['/sign-in', 415],
    ['/API/v3/surveys', 401],
    ['/surveys/new', 303],
    ['/nowhere', 404],
  ])('of strangers is left where it is at %s', async (path, status) => {
    const body = [...chunked(file(bytes(5 * MB)))];
    const { status: said, read } = await send(world, parts(`POST ${path}`, 'Transfer-Encoding: chunked'), body);
    expect([path, said, read < UNREAD]).toEqual([path, status, true]);
  });

  it('tells respondents in their language what became of their page', async () => {
    const line = head('POST /a/x', 'application/x-www-form-urlencoded', 'Accept-Language: de', `Content-Length: ${MB}`);
    const { status, text } = await send(world, line, bytes(MB));
    expect([status, text.includes('Das ist zu viel'), text.includes('lang="de"')]).toEqual([413, true, true]);
  });

  it.each([
    ['a file that is too large', () => file(bytes(12 * MB)), 413, '10 MB'],
    ['two files', () => [...file([]).slice(0, 1), Buffer.from('\r\n'), ...file([])], 422, 'one file'],
    ['a file elsewhere', () => file(bytes(9), 'other'), 422, 'one file'],
    ['no end', () => file(bytes(9)).slice(0, 2), 400, 'not complete'],
    ['a thousand fields', () => fields(1000), 422, '4 at most'],
  ])('with %s is refused by name, and the rest of it left where it is', async (_, body, status, words) => {
    const path = '/brand/email/suppressions/imports';
    const { status: said, text, read } = await send(world, asAda(path, 'Transfer-Encoding: chunked'), chunked(body()));
    expect([said, text.includes(words), read < 11 * MB]).toEqual([status, true, true]);
  });

  it('with a survey that is too large comes back as the form', async () => {
    const { status, text } = await send(world, asAda('/surveys/new', `Content-Length: ${30 * MB}`), bytes(30 * MB));
    expect([status, text.includes('A survey file may have 20 MB')]).toEqual([422, true]);
  });

  it('of another site is not read, whoever is signed in', async () => {
    for (const lines of [[], ['Sec-Fetch-Site: cross-site']]) {
      const line = parts('POST /surveys/new', `Cookie: ${cookie}`, ...lines, `Content-Length: ${5 * MB}`);
      const { status, read } = await send(world, line, bytes(5 * MB));
      expect([lines, status, read < UNREAD]).toEqual([lines, 403, true]);
    }
  });

  it('waits for room where very many come at once, and none of it is kept', async () => {
    const { rss } = process.memoryUsage();
    const many = Array.from({ length: 40 }, () =>
      send(
        world,
        asAda('/brand/email/suppressions/imports', 'Transfer-Encoding: chunked'),
        chunked(file(bytes(5 * MB, '\n'))),
      ),
    );
    const statuses = new Set((await Promise.all(many)).map(({ status }) => status));
    expect([...statuses].filter((status) => ![303, 422, 429, 503].includes(status))).toEqual([]);
    expect(statuses).toContain(429);
    expect(process.memoryUsage().rss - rss).toBeLessThan(300 * MB);
    const inFlight = world.app.get(InFlight);
    await until(() => inFlight.held === 0);
  });
});

function fields(count: number): Buffer[] {
  const one = (name: number): string => `--b\r\nContent-Disposition: form-data; name="f${name}"\r\n\r\nx\r\n`;
  return [Buffer.from(`${Array.from({ length: count }, (_, name) => one(name)).join('')}--b--\r\n`)];
}

/** Chunks (RFC 9112 §7.1) without a last one. */
function* endless(): Generator<Buffer> {
  for (;;) {
    yield Buffer.from(`10000\r\n${'x'.repeat(0x10000)}\r\n`);
  }
}
