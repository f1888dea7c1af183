import { PermissionsService } from '../../src/brands/permissions.service.js';
import { refusalFor } from '../../src/brands/access.js';
import { IdentificationByAccount } from '../../src/brands/identification.js';
import { PeopleAccessService } from '../../src/people/people_access.service.js';
import { NotAllowed } from '../../src/platform/errors.js';
import { ALL_PERMISSIONS, BUILT_IN_TYPES, type BuiltInType, defaultsOf } from '../../src/platform/auth/permissions.js';
import { startWorld, type World } from '../world.js';

describe('what people may do', () => {
  let world: World;
  let permissions: PermissionsService;
  beforeAll(async () => {
    world = await startWorld();
    permissions = world.app.get(PermissionsService);
  });
  afterAll(() => world.close());

  it.each(Object.keys(BUILT_IN_TYPES) as BuiltInType[])('follows the type %s', async (type) => {
    const { user, actor } = await world.aPerson(await world.aBrand(), { type });
    expect([...actor.permissions].sort()).toEqual([...defaultsOf(type)].sort());
    expect([...(await permissions.of(user.brandId, user.id))].sort()).toEqual([...defaultsOf(type)].sort());
  });

  it('is what was set by hand, before the type, in both directions and back again', async () => {
    const brand = await world.aBrand();
    const ada = await world.aPerson(brand, { type: 'administrator' });
    const { user } = await world.aPerson(brand, { type: 'viewer' });
    const holds = async () => (await permissions.of(brand.id, user.id)).has('surveys:edit');
    expect(await holds()).toBe(false);
    expect(await permissions.set(ada.actor, user.id, 'surveys:edit', 'on')).toMatchObject({
      state: 'on',
      isOn: true,
      byType: false,
      typeName: 'Viewer',
    });
    expect(await holds()).toBe(true);
    await permissions.set(ada.actor, user.id, 'responses:export', 'off');
    expect((await permissions.of(brand.id, user.id)).has('responses:export')).toBe(false);
    await permissions.set(ada.actor, user.id, 'surveys:edit', 'type');
    expect(await holds()).toBe(false);
  });

  it('explains every permission', async () => {
    const { user } = await world.aPerson(await world.aBrand());
    const explained = await permissions.explained(user.brandId, user.id);
    expect(explained.map(({ permission }) => permission)).toEqual(ALL_PERMISSIONS);
    expect(explained.every(({ state, isOn, byType }) => state === 'type' && isOn === byType)).toBe(true);
  });

  it('is set by administrators only, at the moment of the change', async () => {
    const brand = await world.aBrand();
    const ada = await world.aPerson(brand, { type: 'administrator' });
    const grace = await world.aPerson(brand, { type: 'administrator', firstName: 'Grace' });
    await permissions.set(ada.actor, grace.user.id, 'brand:admin', 'off');
    await expect(permissions.set(grace.actor, ada.user.id, 'brand:admin', 'off')).rejects.toThrow(
      'Administer the brand',
    );
  });

  it('knows nobody of another brand', async () => {
    const ada = await world.aPerson(await world.aBrand(), { type: 'administrator' });
    const stranger = await world.aPerson(await world.aBrand('Other'));
    await expect(permissions.set(ada.actor, stranger.user.id, 'api:access', 'off')).rejects.toThrow('no such person');
    expect((await permissions.of(ada.user.brandId, stranger.user.id)).size).toBe(0);
  });

  it('on a survey of somebody else needs the permission and the share', async () => {
    const { actor } = await world.aPerson(await world.aBrand());
    const share = { canEdit: true, canViewReports: false, canActivate: false, canCopy: false, canDistribute: false };
    const stake = { ownerId: '0', ownerName: 'Grace Hopper', share };
    expect(refusalFor(actor, 'surveys:edit', stake)).toBeUndefined();
    expect(refusalFor(actor, 'distributions:send', stake)?.whom).toContain('Ask Grace Hopper');
    const without = { ...actor, permissions: new Set([...actor.permissions].filter((one) => one !== 'surveys:edit')) };
    expect(refusalFor(without, 'surveys:edit', stake)?.message).toContain('“Edit surveys” is off');
  });

  it('is asked of the brand administrators by name, who are there and enabled', async () => {
    const brand = await world.aBrand();
    const identification = world.app.get(IdentificationByAccount);
    const viewer = await world.aPerson(brand, { type: 'viewer' });
    expect(await identification.whomToAsk(viewer.actor)).toContain('A brand administrator');
    const grace = await world.aPerson(brand, { type: 'administrator', firstName: 'Grace', lastName: 'Hopper' });
    const alan = await world.aPerson(brand, { type: 'administrator', firstName: 'Alan', lastName: 'Turing' });
    await permissions.set(grace.actor, alan.user.id, 'brand:admin', 'off');
    expect(await identification.whomToAsk(viewer.actor)).toBe(
      `Ask Grace Hopper (${grace.user.email}) to switch it on for you under People.`,
    );
    expect(await identification.whomToAsk(grace.actor)).toContain('you can switch it on for yourself');
  });

  it('leaves a brand somebody who administers it, even when two disable each other at once', async () => {
    const brand = await world.aBrand();
    const ada = await world.aPerson(brand, { type: 'administrator' });
    const grace = await world.aPerson(brand, { type: 'administrator', firstName: 'Grace' });
    const access = world.app.get(PeopleAccessService);
    const ends = await Promise.allSettled([
      access.disable(ada.actor, grace.user.id),
      access.disable(grace.actor, ada.user.id),
    ]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(ends.find((end) => end.status === 'rejected')?.reason).toBeInstanceOf(NotAllowed);
  });
});
