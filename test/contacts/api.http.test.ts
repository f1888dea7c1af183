import supertest from 'supertest';
import type { Brand } from '../../src/brands/brand.entity.js';
import { ContactsService } from '../../src/contacts/contacts.service.js';
import { type Person, startWorld, type World } from '../world.js';

describe('contacts by API', () => {
  let world: World;
  let ada: Person;
  let brand: Brand;
  let pool: string;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(async () => {
    await world.forget();
    brand = await world.aBrand();
    ada = await world.aPerson(brand);
    pool = world.ids.show('POOL', ada.actor.brandId);
  });
  afterAll(() => world.close());

  const call = (method: 'get' | 'post' | 'put' | 'delete', path: string, body?: object, person = ada) => {
    const request = supertest(world.app.getHttpServer())[method](`/API/v3/${path}`).set('X-API-TOKEN', person.token);
    return body === undefined ? request : request.send(body);
  };
  const aMailingList = async (name = 'Customers') =>
    ((await call('post', `directories/${pool}/mailinglists`, { name })).body as { result: { id: string } }).result.id;

  it('shows the brand’s one directory, counted only on request', async () => {
    const { status, body } = await call('get', 'directories');
    expect(status).toBe(200);
    expect(body).toMatchObject({ meta: { httpStatus: '200 - OK' } });
    expect(body.result).toEqual({
      elements: [
        {
          directoryId: pool,
          name: 'Acme',
          isDefault: true,
          deduplicationCriteria: {
            email: true,
            firstName: false,
            lastName: false,
            externalDataReference: false,
            phone: false,
          },
        },
      ],
      nextPage: null,
    });
    const counted = await call('get', 'directories?includeCount=true&useNewPaginationScheme=true');
    expect(counted.body.result.elements[0].contactCount).toBe(0);
  });

  it('makes, lists, renames and deletes mailing lists', async () => {
    const id = await aMailingList('Ünïcödé <b>');
    expect(id).toMatch(/^CG_[0-9A-Za-z]{15}$/);
    const { body } = await call('get', `directories/${pool}//mailinglists/?pageSize=100&skipToken=`);
    const [list] = body.result.elements;
    expect(list).toEqual({
      mailingListId: id,
      name: 'Ünïcödé <b>',
      ownerId: world.ids.show('UR', ada.actor.userId),
      lastModifiedDate: expect.stringMatching(/^\d{13}$/) as string,
      creationDate: expect.stringMatching(/^\d{13}$/) as string,
      contactCount: 0,
    });
    expect(
      (await call('put', `directories/${pool}/mailinglists/${id}`, { name: 'Renamed' })).body.meta.httpStatus,
    ).toBe('200 - OK');
    expect((await call('get', `directories/${pool}/mailinglists/${id}`)).body.result.name).toBe('Renamed');
    const gone = await call('delete', `directories/${pool}/mailinglists/${id}`).set('Content-Type', 'application/json');
    expect(gone.body).toEqual({ meta: { httpStatus: '200 - OK', requestId: expect.any(String) as string } });
    expect((await call('get', `directories/${pool}/mailinglists/${id}`)).status).toBe(404);
  });

  it.each([[{}], [{ name: '' }], [{ name: 'x'.repeat(101) }]])('refuses a mailing list named %j', async (body) => {
    const refused = await call('post', `directories/${pool}/mailinglists`, body);
    expect(refused.status).toBe(400);
    expect(refused.body.meta).toMatchObject({ httpStatus: '400 - Bad Request', error: { errorCode: 'BAD_REQUEST' } });
  });

  it('creates a contact in a list and gives it back as it was written', async () => {
    const list = await aMailingList();
    const { body } = await call('post', `directories/${pool}/mailinglists/${list}/contacts`, {
      firstName: 'Grace',
      lastName: 'Hopper',
      email: 'grace@navy.example',
      phone: '+1 202-555-0143',
      extRef: 'E-7',
      language: 'EN',
      embeddedData: { Rank: 'Admiral', Year: 1906 },
      unsubscribed: false,
    });
    const { id, contactLookupId } = body.result as { id: string; contactLookupId: string };
    expect([id, contactLookupId]).toEqual([
      expect.stringMatching(/^CID_[0-9A-Za-z]{15}$/),
      expect.stringMatching(/^MLRP_[0-9A-Za-z]{15}$/),
    ]);
    const row = {
      contactId: id,
      firstName: 'Grace',
      lastName: 'Hopper',
      email: 'grace@navy.example',
      phone: '+12025550143',
      extRef: 'E-7',
      language: 'EN',
      unsubscribed: false,
      mailingListUnsubscribed: false,
      contactLookupId,
      embeddedData: { Rank: 'Admiral', Year: '1906' },
    };
    const listed = await call('get', `directories/${pool}/mailinglists/${list}/contacts`);
    expect(listed.body.result).toEqual({ elements: [row], nextPage: null });
    const one = await call('get', `directories/${pool}/contacts/${id}`);
    expect(one.body.result).toMatchObject({
      contactId: id,
      creationDate: expect.any(Number) as number,
      lastModified: expect.any(Number) as number,
      mailingListMembership: { [list]: { name: 'Customers', unsubscribed: false } },
    });
    const byLookup = await call('get', `directories/${pool}/mailinglists/${list}/contacts/${contactLookupId}`);
    expect(byLookup.body.result.contactId).toBe(id);
  });

  it('completes somebody it knows instead of making a second one', async () => {
    const list = await aMailingList();
    const path = `directories/${pool}/mailinglists/${list}/contacts`;
    const first = await call('post', path, {
      email: 'grace@navy.example',
      firstName: 'Grace',
      embeddedData: { a: '1' },
    });
    const second = await call('post', path, {
      email: 'GRACE@navy.example',
      lastName: 'Hopper',
      firstName: null,
      embeddedData: { b: '2' },
    });
    expect(second.body.result.id).toBe(first.body.result.id);
    const { elements } = (await call('get', path)).body.result;
    expect(elements).toHaveLength(1);
    expect(elements[0]).toMatchObject({ firstName: 'Grace', lastName: 'Hopper', embeddedData: { a: '1', b: '2' } });
  });

  it('changes what is given, opts out and back in, and takes off the list', async () => {
    const list = await aMailingList();
    const path = `directories/${pool}/mailinglists/${list}/contacts`;
    const { id } = (
      await call('post', path, { email: 'a@example.com', firstName: 'A', embeddedData: { x: '1', y: '2' } })
    ).body.result;
    await call('put', `${path}/${id}`, { lastName: 'B', embeddedData: { x: null }, mailingListUnsubscribed: true });
    expect((await call('get', `${path}/${id}`)).body.result).toMatchObject({
      firstName: 'A',
      lastName: 'B',
      embeddedData: { y: '2' },
      unsubscribed: false,
      mailingListUnsubscribed: true,
    });
    await call('put', `directories/${pool}/contacts/${id}`, { unsubscribed: true });
    expect((await call('put', `directories/${pool}/contacts/${id}`, { unsubscribed: false })).status).toBe(403);
    ada = await world.aPerson(brand, { type: 'administrator' });
    expect((await call('get', `${path}/${id}`)).body.result).toMatchObject({ unsubscribed: true });
    await call('put', `${path}/${id}`, { unsubscribed: false, mailingListUnsubscribed: false });
    expect((await call('get', `${path}/${id}`)).body.result).toMatchObject({
      unsubscribed: false,
      mailingListUnsubscribed: false,
    });
    expect((await call('delete', `${path}/${id}`)).status).toBe(200);
    expect((await call('get', `${path}/${id}`)).status).toBe(404);
    expect((await call('get', `directories/${pool}/contacts/${id}`)).status).toBe(200);
    expect((await call('delete', `directories/${pool}/contacts/${id}`)).status).toBe(200);
    expect((await call('get', `directories/${pool}/contacts/${id}`)).status).toBe(404);
    expect((await call('get', `directories/${pool}/mailinglists/${list}`)).body.result.contactCount).toBe(0);
  });

  it('leaves the wish of a person as it is, however somebody comes back, and says so', async () => {
    ada = await world.aPerson(brand, { type: 'administrator' });
    const list = await aMailingList();
    const path = `directories/${pool}/mailinglists/${list}/contacts`;
    const { id } = (await call('post', path, { email: 'a@example.com' })).body.result;
    const contactId = world.ids.read('CID', id);
    const wish = { contactId, by: 'one-click', at: world.clock.now() } as const;
    const contacts = world.app.get(ContactsService);
    await contacts.optOut(brand.id, { ...wish, listId: null, level: 'brand' });
    await contacts.optOut(brand.id, { ...wish, listId: world.ids.read('CG', list), level: 'list' });
    const both = { unsubscribed: false, mailingListUnsubscribed: false };
    const put = await call('put', `${path}/${id}`, { ...both, lastName: 'B' });
    expect(put.status).toBe(200);
    expect(put.body.meta.notice).toMatch(
      /^unsubscribed stays true: .* on 2026-\d\d-\d\d, .* mailingListUnsubscribed stays true/,
    );
    await call('delete', `directories/${pool}/contacts/${id}`);
    const body = { email: 'A@EXAMPLE.com', ...both };
    const old = `mailinglists/${world.ids.show('ML', world.ids.read('CG', list))}/contacts`;
    for (const door of [path, `directories/${pool}/contacts`, old]) {
      const key = { 'Idempotency-Key': door };
      const made = await call('post', door, body).set(key);
      expect(made.body.meta.notice).toContain('unsubscribed stays true');
      expect((await call('post', door, body).set(key)).body).toEqual(made.body);
    }
    const { elements } = (await call('get', path)).body.result;
    expect(elements).toMatchObject([{ email: 'A@example.com', unsubscribed: true, mailingListUnsubscribed: true }]);
  });

  it('pages by a token that is the last part of an absolute address', async () => {
    const list = await aMailingList();
    const path = `directories/${pool}/mailinglists/${list}/contacts`;
    for (let n = 0; n < 5; n += 1) {
      await call('post', path, { email: `p${n}@example.com` });
    }
    const seen: string[] = [];
    let address: string | null = `${path}?pageSize=2&skipToken=0`;
    while (address !== null) {
      const { result } = (await call('get', address)).body as {
        result: { elements: { email: string }[]; nextPage: string | null };
      };
      seen.push(...result.elements.map(({ email }) => email));
      expect(result.nextPage ?? 'http://x/&skipToken=x').toMatch(/^https?:\/\/.*[?&]skipToken=[^&]+$/);
      address = result.nextPage === null ? null : result.nextPage.replace(/^.*\/API\/v3\//, '');
    }
    expect(seen).toEqual(['p0@example.com', 'p1@example.com', 'p2@example.com', 'p3@example.com', 'p4@example.com']);
  });

  it.each([
    [{ email: 'nonsense' }, /not an e-mail address/],
    [{ firstName: 'Nobody' }, /needs an e-mail/],
    [{ email: 'a@example.com\r\nBcc: b@example.com' }, /not an e-mail address/],
    [{ email: 'a@example.com', phone: '12' }, /not a phone number/],
    [{ email: 'a@example.com', embeddedData: { constructor: 'x' } }, /may not be called/],
    [{ email: { $ne: null } }, /email/],
  ])('refuses %j', async (body, reason) => {
    const list = await aMailingList();
    const refused = await call('post', `directories/${pool}/mailinglists/${list}/contacts`, body);
    expect(refused.status).toBe(400);
    expect(refused.body.meta.error.errorMessage).toMatch(reason);
  });

  it('speaks the older lists API too', async () => {
    const made = await call('post', 'mailinglists', { libraryId: 'UR_x', name: 'Old friends', category: 'c' });
    const { id } = made.body.result as { id: string };
    expect(id).toMatch(/^ML_/);
    const added = await call('post', `mailinglists/${id}/contacts`, {
      email: 'a@example.com',
      externalDataReference: 'E1',
    });
    expect(added.body.result.id).toMatch(/^MLRP_/);
    expect((await call('get', 'directories?offset=100')).body.result).toEqual({ elements: [], nextPage: null });
    const { elements } = (await call('get', `mailinglists/${id}/contacts?offset=0`)).body.result;
    expect(elements).toEqual([
      expect.objectContaining({
        id: added.body.result.id,
        email: 'a@example.com',
        externalDataReference: 'E1',
        unsubscribed: false,
      }),
    ]);
    expect((await call('get', 'mailinglists')).body.result.elements).toEqual([
      {
        id,
        libraryId: world.ids.show('UR', ada.actor.userId),
        name: 'Old friends',
        category: 'Unassigned',
        folder: '/Uncategorized',
      },
    ]);
    expect((await call('delete', `mailinglists/${id}/contacts/${added.body.result.id}`)).status).toBe(200);
    expect((await call('delete', `mailinglists/${id}`)).status).toBe(200);
  });

  it('shows another brand 404 everywhere', async () => {
    const list = await aMailingList();
    const { id } = (await call('post', `directories/${pool}/mailinglists/${list}/contacts`, { email: 'a@example.com' }))
      .body.result;
    const stranger = await world.aPerson(await world.aBrand('Globex'));
    const own = world.ids.show('POOL', stranger.actor.brandId);
    const bodies = {
      put: { name: 'x', email: 'x@example.com' },
      post: { name: 'x', email: 'x@example.com' },
      get: undefined,
      delete: undefined,
    };
    for (const directory of [pool, own]) {
      const base = `directories/${directory}`;
      const paths: ['get' | 'put' | 'post' | 'delete', string][] = [
        ['get', `${base}/mailinglists/${list}`],
        ['put', `${base}/mailinglists/${list}`],
        ['delete', `${base}/mailinglists/${list}`],
        ['get', `${base}/mailinglists/${list}/contacts`],
        ['post', `${base}/mailinglists/${list}/contacts`],
        ['get', `${base}/mailinglists/${list}/contacts/${id}`],
        ['put', `${base}/mailinglists/${list}/contacts/${id}`],
        ['delete', `${base}/mailinglists/${list}/contacts/${id}`],
        ['get', `${base}/contacts/${id}`],
        ['put', `${base}/contacts/${id}`],
        ['delete', `${base}/contacts/${id}`],
        ['get', `mailinglists/${list}/contacts`],
        ['delete', `mailinglists/${list}`],
      ];
      for (const [method, path] of paths) {
        expect([method, path, (await call(method, path, bodies[method], stranger)).status]).toEqual([
          method,
          path,
          404,
        ]);
      }
    }
    expect((await call('get', `directories/${pool}/contacts/${id}`)).status).toBe(200);
  });
});
