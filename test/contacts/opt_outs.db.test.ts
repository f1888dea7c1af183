import pg from 'pg';
import { TAKE_ALONG } from '../../migrations/Migration20261201030000_opt_outs.js';
import type { Brand } from '../../src/brands/brand.entity.js';
import { ContactsService } from '../../src/contacts/contacts.service.js';
import { DirectoryService } from '../../src/contacts/directory.service.js';
import { PastedContactsService } from '../../src/contacts/pasting/pasted_contacts.service.js';
import { NotAllowed } from '../../src/platform/errors.js';
import { type Person, startWorld, type World } from '../world.js';
import { aContact, aList, anImport } from './builders.js';

describe('opting out', () => {
  let world: World;
  let ada: Person;
  let brand: Brand;
  let contacts: ContactsService;
  beforeAll(async () => {
    world = await startWorld();
    contacts = world.app.get(ContactsService);
  });
  beforeEach(async () => {
    await world.forget();
    brand = await world.aBrand();
    ada = await world.aPerson(brand);
  });
  afterAll(() => world.close());

  it('keeps the first date and source of each level apart, and is taken back by level', async () => {
    const list = await aList(world, ada);
    const contactId = await aContact(world, ada, {}, list.id);
    const { brandId } = ada.actor;
    const [first, second] = [new Date('2027-05-03T10:00:00Z'), new Date('2027-05-04T10:00:00Z')];
    const ofList = { contactId, listId: list.id, level: 'list' } as const;
    expect(await contacts.optOut(brandId, { ...ofList, by: 'link', at: first })).toBe(true);
    expect(await contacts.optOut(brandId, { ...ofList, by: 'complaint', at: second })).toBe(true);
    expect(await contacts.statusOf(brandId, contactId, list.id)).toMatchObject({
      listOptedOutAt: first,
      listOptedOutBy: 'link',
      brandOptedOutAt: null,
    });
    await contacts.optOut(brandId, { contactId, listId: null, level: 'brand', by: 'one-click', at: second });
    await contacts.optBackIn(brandId, ofList);
    expect(await contacts.statusOf(brandId, contactId, list.id)).toMatchObject({
      listOptedOutAt: null,
      brandOptedOutAt: second,
      brandOptedOutBy: 'one-click',
    });
  });

  it('has nothing to leave where somebody is not on the list, or gone', async () => {
    const list = await aList(world, ada);
    const contactId = await aContact(world, ada);
    const wish = { contactId, listId: list.id, level: 'list', by: 'link', at: world.clock.now() } as const;
    expect(await contacts.optOut(ada.actor.brandId, wish)).toBe(false);
    await world.app.get(DirectoryService).remove(ada.actor, contactId);
    expect(await contacts.statusOf(ada.actor.brandId, contactId, list.id)).toBeUndefined();
    expect(await contacts.optOut(ada.actor.brandId, { ...wish, level: 'brand' })).toBe(false);
  });

  describe('of somebody who is gone', () => {
    const at = new Date('2027-05-03T10:00:00Z');
    const GRACE = 'grace@bücher.example';
    let brandId: string;
    let directory: DirectoryService;
    beforeEach(() => {
      ({ brandId } = ada.actor);
      directory = world.app.get(DirectoryService);
    });

    const wishesOf = async (email: string, listId: string | null = null) => {
      const [found] = await contacts.search(ada.actor, email);
      const status = await contacts.statusOf(brandId, found!.id, listId);
      return { brand: status!.brandOptedOutBy, list: status!.listOptedOutBy, since: status!.brandOptedOutAt };
    };
    const isOut = { brand: 'link', list: null, since: at };

    it.each([
      ['by hand', (listId: string) => aContact(world, ada, { email: ' GRACE@BÜCHER.example ' }, listId)],
      [
        'by paste',
        (listId: string) =>
          world.app
            .get(PastedContactsService)
            .makeList(ada.actor, { people: 'Grace <GRACE@Bücher.example>', name: listId }, false),
      ],
      [
        'by a file',
        (listId: string) => anImport(world, ada, listId, 'Email,Unsubscribed\nGrace@XN--BCHER-KVA.example,no\n'),
      ],
      [
        'as another person who takes the address',
        async (listId: string) => {
          const other = await aContact(world, ada, { email: 'other@example.com' }, listId);
          await directory.update(ada.actor, other, { email: 'grace@bücher.EXAMPLE' });
        },
      ],
    ])('holds who comes back %s', async (_how, comesBack) => {
      const { id: listId } = await aList(world, ada);
      const contactId = await aContact(world, ada, { email: GRACE }, listId);
      await contacts.optOut(brandId, { contactId, listId: null, level: 'brand', by: 'link', at });
      await directory.remove(ada.actor, contactId);
      await comesBack(listId);
      expect(await wishesOf('grace@')).toEqual(isOut);
      const kept = await world.database.inBrand(brandId, (unit) => unit.sql('SELECT * FROM opt_outs'));
      expect(JSON.stringify(kept)).not.toMatch(/grace|cher/i);
    });

    it('holds for both addresses of somebody who changed it, and on a list for whoever is put on it again', async () => {
      const { id: listId } = await aList(world, ada);
      const contactId = await aContact(world, ada, { email: 'old@example.com' }, listId);
      await contacts.optOut(brandId, { contactId, listId, level: 'list', by: 'link', at });
      await contacts.optOut(brandId, { contactId, listId: null, level: 'brand', by: 'link', at });
      await directory.update(ada.actor, contactId, { email: 'new@example.com' });
      expect(await wishesOf('new@', listId)).toEqual({ ...isOut, list: 'link' });
      await directory.remove(ada.actor, contactId);
      for (const email of ['OLD@example.com', 'NEW@example.com']) {
        await aContact(world, ada, { email }, listId);
        expect(await wishesOf(email.toLowerCase(), listId)).toEqual({ ...isOut, list: 'link' });
      }
    });

    it('holds somebody without an address by the reference, else by the number', async () => {
      for (const given of [{ extRef: 'N-1' }, { phone: '+4930123456' }]) {
        const nobody = { email: '', ...given };
        const contactId = await aContact(world, ada, nobody);
        await contacts.optOut(brandId, { contactId, listId: null, level: 'brand', by: 'administrator', at });
        await directory.remove(ada.actor, contactId);
        const again = await aContact(world, ada, nobody);
        expect(await contacts.statusOf(brandId, again, null)).toMatchObject({ brandOptedOutBy: 'administrator' });
      }
    });

    it('is of one brand', async () => {
      const contactId = await aContact(world, ada, { email: GRACE });
      await contacts.optOut(brandId, { contactId, listId: null, level: 'brand', by: 'link', at });
      const bob = await world.aPerson(await world.aBrand('Globex'));
      const other = await aContact(world, bob, { email: GRACE });
      expect(await contacts.statusOf(bob.actor.brandId, other, null)).toMatchObject({ brandOptedOutAt: null });
    });

    it('was taken along from before opt-outs were kept so', async () => {
      const { id: listId } = await aList(world, ada);
      const contactId = await aContact(world, ada, { email: GRACE }, listId);
      await contacts.optOut(brandId, { contactId, listId, level: 'list', by: 'link', at });
      await contacts.optOut(brandId, { contactId, listId: null, level: 'brand', by: 'link', at });
      await world.database.inBrand(brandId, (unit) => unit.run('DELETE FROM opt_outs'));
      await contacts.suppress(brandId, { address: 'erased@example.com', reason: 'opted_out', at });
      const client = new pg.Client({ connectionString: world.superuserUrl });
      await client.connect();
      for (const statement of TAKE_ALONG) {
        await client.query(statement);
      }
      await client.end();
      await directory.remove(ada.actor, contactId);
      await aContact(world, ada, { email: GRACE }, listId);
      expect(await wishesOf('grace@', listId)).toEqual({ ...isOut, list: 'link' });
      await aContact(world, ada, { email: 'erased@example.com' });
      expect(await wishesOf('erased@')).toEqual(isOut);
    });
  });

  it('is taken back by whoever may: what the person said, and what holds for the brand, by who manages the directory', async () => {
    const { id: listId } = await aList(world, ada);
    const contactId = await aContact(world, ada, { email: 'grace@example.com' }, listId);
    const directory = world.app.get(DirectoryService);
    const boss = await world.aPerson(brand, { type: 'administrator' });
    const { brandId } = ada.actor;
    const decide = (who: Person, list: string | null, isOut: boolean) =>
      directory.decideOptOut(who.actor, contactId, list, isOut);
    await decide(ada, listId, true);
    await decide(ada, listId, false);
    await decide(ada, null, true);
    await expect(decide(ada, null, false)).rejects.toThrow(NotAllowed);
    await contacts.optOut(brandId, { contactId, listId, level: 'list', by: 'one-click', at: world.clock.now() });
    await expect(decide(ada, listId, false)).rejects.toThrow(NotAllowed);
    const page = await ada.agent.get(`/contacts/${world.ids.show('CID', contactId)}`).expect(200);
    expect(page.text).toContain('somebody who manages the directory');
    expect(page.text).not.toContain('Take the opt-out back');
    await decide(boss, listId, false);
    await decide(boss, null, false);
    await directory.remove(boss.actor, contactId);
    const again = await aContact(world, ada, { email: 'grace@example.com' }, listId);
    expect(await contacts.statusOf(brandId, again, listId)).toMatchObject({
      brandOptedOutAt: null,
      listOptedOutAt: null,
    });
  });

  it('reaches nobody of another brand', async () => {
    const contactId = await aContact(world, ada);
    const stranger = await world.aBrand('Globex');
    const wish = { contactId, listId: null, level: 'brand', by: 'link', at: world.clock.now() } as const;
    expect(await contacts.optOut(stranger.id, wish)).toBe(false);
    expect(await contacts.statusOf(stranger.id, contactId, null)).toBeUndefined();
  });

  it('suppresses an address by its hash in any case, for a time', async () => {
    const { brandId } = ada.actor;
    const at = new Date('2027-05-03T10:00:00Z');
    const expiresAt = new Date('2027-06-03T10:00:00Z');
    await contacts.suppress(brandId, {
      address: 'Ada@Example.com',
      reason: 'bounced',
      evidence: '550 5.1.1',
      at,
      expiresAt,
    });
    expect(await contacts.suppressionOf(brandId, 'ada@example.com', at)).toBe('bounced');
    expect(await contacts.suppressionOf(brandId, 'ada@example.com', expiresAt)).toBeUndefined();
    expect(await contacts.suppressionOf(brandId, 'bob@example.com', at)).toBeUndefined();
    const kept = await world.database.inBrand(brandId, (unit) => unit.sql('SELECT * FROM suppressions'));
    expect(JSON.stringify(kept)).not.toMatch(/ada@/i);
  });

  it('keeps the count of every list when a person is added twice, taken off and deleted', async () => {
    const [one, other] = [await aList(world, ada, 'One'), await aList(world, ada, 'Other')];
    const id = await aContact(world, ada, { email: 'a@example.com' }, one.id);
    await aContact(world, ada, { email: 'a@example.com' }, one.id);
    await aContact(world, ada, { email: 'a@example.com' }, other.id);
    const counts = async () => {
      const rows = await world.database.inBrand(ada.actor.brandId, (unit) =>
        unit.sql<{ n: number }>('SELECT contact_count AS n FROM contact_lists ORDER BY id'),
      );
      return rows.map(({ n }) => n);
    };
    expect(await counts()).toEqual([1, 1]);
    await world.app.get(DirectoryService).removeFromList(ada.actor, id, one.id);
    await expect(world.app.get(DirectoryService).removeFromList(ada.actor, id, one.id)).rejects.toThrow(
      'not on the list',
    );
    expect(await counts()).toEqual([0, 1]);
    await world.app.get(DirectoryService).remove(ada.actor, id);
    expect(await counts()).toEqual([0, 0]);
  });

  it('is done by files too, never undone by them, and they count who stays opted out unasked', async () => {
    const list = await aList(world, ada);
    const file = 'Email,Unsubscribed,ListUnsubscribed\nada@example.com,yes,\nbob@example.com,,true\n';
    expect(await anImport(world, ada, list.id, file)).toMatchObject({ created: 2, keptOptOuts: 0 });
    const later =
      'Email,Unsubscribed,ListUnsubscribed\nada@example.com,false,no\nbob@example.com,no,no\nc@example.com,,\n';
    expect(await anImport(world, ada, list.id, later)).toMatchObject({ created: 1, unchanged: 2, keptOptOuts: 2 });
    expect(await anImport(world, ada, list.id, file)).toMatchObject({ unchanged: 2, keptOptOuts: 0 });
    const other = await anImport(
      world,
      ada,
      (await aList(world, ada, 'Other')).id,
      'Email\nada@example.com\nbob@example.com\n',
    );
    expect(other).toMatchObject({ updated: 2, keptOptOuts: 1 });
    const shown = await ada.agent.get(`/contacts/imports/${world.ids.show('IM', other.id)}`);
    expect(shown.text).toContain('1 person stays opted out');
    const [first, second] = await contacts.list(ada.actor, { listId: list.id, size: 10 });
    expect(first).toMatchObject({ email: 'ada@example.com', optedOutBy: 'import', listOptedOutAt: null });
    expect(second).toMatchObject({ email: 'bob@example.com', optedOutAt: null, listOptedOutBy: 'import' });
  });

  it('refuses to give two contacts one address', async () => {
    const one = await aContact(world, ada, { email: 'one@example.com' });
    await aContact(world, ada, { email: 'two@example.com' });
    const change = world.app.get(DirectoryService).update(ada.actor, one, { email: 'TWO@example.com' });
    await expect(change).rejects.toThrow('Another contact of the directory has this e-mail address already.');
  });
});
