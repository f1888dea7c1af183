import { deflateSync } from 'node:zlib';
import { pictureKind } from '../../../src/platform/foreign/picture_kind.js';
import type { Survey } from '../../../src/surveys/survey.entity.js';
import { aSurvey } from '../../surveys/builders.js';
import { type Person, startWorld, type World } from '../../world.js';

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const PNG = png(3, 2);
const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080007000901011100ffd9', 'hex');
const WEBP = Buffer.from('524946461a000000574542505650384c0d0000002f04c001000711fd0f4444ff03', 'hex');

/** The head of a picture of this size; what mail programs draw is not looked at here. */
function png(width: number, height: number): Buffer {
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  const head = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  return Buffer.concat([head, size, Buffer.from('0802000000000000', 'hex'), deflateSync(Buffer.alloc(64))]);
}

describe('the bytes of a picture', () => {
  it.each([
    ['PNG', PNG, { type: 'image/png', width: 3, height: 2 }],
    ['GIF', GIF, { type: 'image/gif', width: 1, height: 1 }],
    ['JPEG', JPEG, { type: 'image/jpeg', width: 9, height: 7 }],
    ['WebP', WEBP, { type: 'image/webp', width: 5, height: 8 }],
  ])('say that it is %s, and how large', (_, bytes, kind) => {
    expect(pictureKind(bytes)).toEqual(kind);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'.repeat(3))],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'.repeat(3))],
    ['a PNG without a size', png(0, 0)],
    ['a torn JPEG', JPEG.subarray(0, 20)],
    ['a JPEG that never gets to its frame', Buffer.concat([JPEG.subarray(0, 20), Buffer.alloc(500)])],
  ])('are none of a picture’s in %s', (_, bytes) => {
    expect(pictureKind(bytes)).toBeUndefined();
  });
});

describe('pictures of mails', () => {
  let world: World;
  let ada: Person;
  let survey: Survey;
  beforeAll(async () => {
    world = await startWorld();
    ada = await world.aPerson(await world.aBrand());
    survey = await aSurvey(world, ada);
  });
  afterAll(() => world.close());

  const path = (): string => `/surveys/${world.ids.show('SV', survey.id)}/distributions/emails/pictures`;
  const upload = (bytes: Buffer, name = 'logo.png', person = ada) =>
    person.agent.post(path()).attach('file', bytes, { filename: name, contentType: 'image/png' });

  it('are taken in and served to everybody under an address that nobody guesses', async () => {
    const { body } = await upload(PNG).expect(201);
    const { url, width, height } = body as { url: string; width: number; height: number };
    expect({ width, height }).toEqual({ width: 3, height: 2 });
    const served = await world.visitor().get(new URL(url).pathname).expect(200);
    expect(served.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      'content-security-policy': expect.stringContaining('sandbox') as string,
    });
    expect(served.headers['set-cookie']).toBeUndefined();
    expect(Buffer.from(served.body as Buffer).equals(PNG)).toBe(true);
  });

  it('are judged by their bytes, not by their name', async () => {
    const { status, text } = await upload(Buffer.from('<script>alert(1)</script>'.repeat(9)));
    expect({ status, tells: text.includes('Only pictures can stand in a mail') }).toEqual({ status: 422, tells: true });
  });

  it('are refused in words when they are too large', async () => {
    expect((await upload(png(9000, 10))).status).toBe(422);
    expect((await upload(Buffer.concat([PNG, Buffer.alloc(2_100_000)]))).status).toBe(413);
    expect((await ada.agent.post(path())).status).toBe(422);
  });

  it('are none under other addresses', async () => {
    await world.visitor().get('/pictures/1aaaaaaaaaaaaaaaaaaaaaa').expect(404);
    await world.visitor().get('/pictures/1').expect(404);
  });

  it('are taken in only from people who may send', async () => {
    const viewer = await world.aPerson(await world.aBrand('Globex'), { type: 'viewer', firstName: 'Vera' });
    const stranger = await world.aPerson(await world.aBrand('Initech'), { firstName: 'Sam' });
    await upload(PNG, 'logo.png', viewer).expect(403);
    await upload(PNG, 'logo.png', stranger).expect(404);
    await world.visitor().post(path()).attach('file', PNG, 'logo.png').expect(303);
  });
});
