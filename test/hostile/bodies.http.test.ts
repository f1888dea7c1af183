import { contractsOf, type RouteContract } from '../../src/platform/web/bodies/contracts.js';
import { type Person, startWorld, type World } from '../world.js';
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
    ['larger than the call takes', [`Content-Length: ${6 * MB}`], () => bytes(6 * MB), 413, '5 MB'],
    ['without an end', ['Transfer-Encoding: chunked'], () => endless(), 413, '5 MB'],
    ['compressed', ['Content-Length: 9', 'Content-Encoding: gzip'], () => bytes(9), 415, 'compressed'],
    ['that stops coming', ['Content-Length: 900'], () => bytes(9), 408, 'too slowly'],
    ['that never begins', ['Content-Length: 900'], () => [], 408, 'too slowly'],
    ['that is nested too deeply', ['Content-Length: 100000'], () => bytes(100_000, '['), 400, '64 lists and objects'],
    ['of too many values', ['Content-Length: 4000000'], () => bytes(4_000_000, '[],'), 400, '500,000 at most'],
  ] as const)('and is %s is refused by its name', async (_, lines, body, status, words) => {
    const answer = await send(world, asAda(api, 'application/json', ...lines), body());
    expect([answer.status, answer.text.includes(words)]).toEqual([status, true]);
    expect(answer.text).toMatch(/^content-type: application\/json\r$/im);
    expect(answer.read).toBeLessThan(5 * MB + UNREAD);
  });
});

/** Chunks (RFC 9112 §7.1) without a last one. */
function* endless(): Generator<Buffer> {
  for (;;) {
    yield Buffer.from(`10000\r\n${'x'.repeat(0x10000)}\r\n`);
  }
}
