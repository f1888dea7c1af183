import { ContactsService } from '../../src/contacts/contacts.service.js';
import { DirectoryService } from '../../src/contacts/directory.service.js';
import { type Person, startWorld, type World } from '../world.js';
import { aContact, aList } from './builders.js';

describe('opting out', () => {
  let world: World;
  let ada: Person;
  let contacts: ContactsService;
  beforeAll(async () => {
    world = await startWorld();
    contacts = world.app.get(ContactsService);
  });
  beforeEach(async () => {
    await world.forget();
    ada = await world.aPerson(await world.aBrand());
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
      listName: 'Customers',
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

  it('refuses to give two contacts one address', async () => {
    const one = await aContact(world, ada, { email: 'one@example.com' });
    await aContact(world, ada, { email: 'two@example.com' });
    const change = world.app.get(DirectoryService).update(ada.actor, one, { email: 'TWO@example.com' });
    await expect(change).rejects.toThrow('Another contact of the directory has this e-mail address already.');
  });
});
