import { permissionGroups } from '../../src/people/permission_groups.js';
import { ALL_PERMISSIONS } from '../../src/platform/auth/permissions.js';
import { sourcesOf } from '../house/sources.js';

/** These name permissions without asking for one. */
const LISTS =
  /platform\/auth\/permissions\.ts$|people\/permission_groups\.ts$|brands\/access\.ts$|surveys\/shares_page\.ts$/;

describe('the switches', () => {
  const offered = permissionGroups().flatMap(({ permissions }) => permissions);

  it('are there for exactly the permissions that something asks for', () => {
    const sources = sourcesOf('src', '.ts').filter(({ path }) => !LISTS.test(path));
    const asked = ALL_PERMISSIONS.filter((permission) => sources.some(({ text }) => text.includes(`'${permission}'`)));
    expect([...offered].sort()).toEqual([...asked].sort());
  });

  it('are there once each', () => {
    expect(new Set(offered).size).toBe(offered.length);
  });
});
