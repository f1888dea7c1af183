import type { Person, World } from '../world.js';

/** Where a person's page is. */
export function pathOf(world: World, { user }: Pick<Person, 'user'>, below = ''): string {
  return `/people/${world.ids.show('UR', user.id)}${below}`;
}

/** The public id of a user type, as forms name it. */
export async function typeId(world: World, brandId: string, key: string): Promise<string> {
  const [row] = await world.database.inBrand(brandId, (unit) =>
    unit.sql<{ id: string }>('SELECT id FROM user_types WHERE key = $1', [key]),
  );
  return world.ids.show('UT', row!.id);
}

/** Addresses in pages as a browser reads them. */
export function plain(html: string): string {
  return html.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
}
