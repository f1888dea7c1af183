import type { INestApplicationContext } from '@nestjs/common';
import { AccountsService } from './accounts/accounts.service.js';
import { ApiTokensService } from './accounts/api_tokens.service.js';
import type { User } from './accounts/user.entity.js';
import { AuditService } from './brands/audit.service.js';
import { BrandsService } from './brands/brands.service.js';
import { PermissionsService } from './brands/permissions.service.js';
import { NOBODY } from './platform/auth/audit_trail.js';
import { BUILT_IN_TYPES, type BuiltInType, PERMISSIONS } from './platform/auth/permissions.js';
import { Clock } from './platform/clock.js';
import { Database } from './platform/db/database.js';
import { Invalid, NotAllowed, NotFound, WrongState } from './platform/errors.js';

type Options = Record<string, string | undefined>;

/** One command of the operator. */
export interface Command {
  /** Words after its name, as the help shows them. */
  words: string[];
  options: { name: string; takes: string }[];
  help: string;
  /** What standard input may hold for it. */
  input?: 'password';
  /** Works also on a database without tables. */
  prepares?: boolean;
  run(app: INestApplicationContext, words: string[], options: Options): Promise<string>;
}

export const COMMANDS: Record<string, Command> = {
  migrate: {
    words: [],
    options: [],
    help: 'brings the database up to date',
    prepares: true,
    run: () => Promise.resolve('The database is up to date.'), // every command migrates before it runs
  },
  'brand:create': {
    words: ['NAME'],
    options: [],
    help: 'makes a brand with the built-in user types',
    run: async (app, [name = '']) => {
      const brand = await app.get(BrandsService).create(name);
      return `Brand “${brand.name}” has the slug ${brand.slug}.`;
    },
  },
  'user:create': {
    words: ['EMAIL'],
    options: [
      { name: 'brand', takes: 'SLUG' },
      { name: 'type', takes: Object.keys(BUILT_IN_TYPES).join('|') },
      { name: 'first', takes: 'NAME' },
      { name: 'last', takes: 'NAME' },
    ],
    input: 'password',
    help: 'adds a person, who signs in by a link that this prints, or with the password that standard input holds',
    run: createUser,
  },
  'user:sign-in-link': {
    words: ['EMAIL'],
    options: [],
    help: 'prints a link that signs this person in once, good for an hour',
    run: async (app, [email = '']) => {
      const user = await personOf(app, email);
      mustEnter(app, user, 'No link');
      const link = await app.get(AccountsService).makeSignInLink(user.brandId, user.id, 'sign-in');
      await record(app, user, 'user.link');
      return link;
    },
  },
  'token:create': {
    words: ['EMAIL'],
    options: [{ name: 'name', takes: 'NAME' }],
    help: 'makes an API token of this person and prints it once',
    run: async (app, [email = ''], options) => {
      const user = await personOf(app, email);
      await mustUseApi(app, user);
      const owner = { brandId: user.brandId, userId: user.id };
      return app.get(ApiTokensService).create(owner, options['name'] ?? 'From the command line');
    },
  },
};

async function createUser(app: INestApplicationContext, [email = '']: string[], options: Options): Promise<string> {
  const brands = app.get(BrandsService);
  const brandId = await brandBySlug(brands, options['brand']);
  const key = options['type'] ?? 'standard';
  if (!Object.hasOwn(BUILT_IN_TYPES, key)) {
    throw new Invalid(`--type is one of ${Object.keys(BUILT_IN_TYPES).join(', ')}.`);
  }
  const userType = await brands.typeByKey(brandId, key as BuiltInType);
  const accounts = app.get(AccountsService);
  const user = await accounts.addUser(brandId, {
    email,
    firstName: options['first'],
    lastName: options['last'],
    password: options['password'],
    brandName: (await brands.of(brandId)).name,
    userTypeId: userType.id,
  });
  await record(app, user, 'user.add');
  return options['password'] === undefined
    ? `${user.email} signs in with this link, once and within 7 days:\n${await accounts.makeSignInLink(brandId, user.id, 'invite')}`
    : `${user.email} can sign in.`;
}

async function brandBySlug(brands: BrandsService, slug: string | undefined): Promise<string> {
  const ids = await brands.ids();
  const all = await Promise.all(ids.map((id) => brands.of(id)));
  const found =
    slug === undefined && all.length === 1 ? all[0] : all.find((brand) => brand.slug === slug || brand.name === slug);
  if (found === undefined) {
    throw new NotFound(
      `--brand is the slug of a brand: ${all.map((brand) => brand.slug).join(', ') || 'there is none yet'}.`,
    );
  }
  return found.id;
}

async function personOf(app: INestApplicationContext, email: string): Promise<User> {
  const user = await app.get(AccountsService).byLogin(email);
  if (user === undefined) {
    throw new NotFound(`Nobody signs in as ${email}.`);
  }
  return user;
}

/** A token that no request may use is refused when it is made, not when a program fails with it. */
async function mustUseApi(app: INestApplicationContext, user: User): Promise<void> {
  mustEnter(app, user, 'No token');
  const permissions = await app.get(PermissionsService).of(user.brandId, user.id);
  if (!permissions.has('api:access')) {
    throw new NotAllowed(
      `${user.email} may not use the API: the permission “${PERMISSIONS['api:access'].label}” is off. No token was made. ` +
        'A brand administrator can switch it on under People.',
    );
  }
}

/** What would wait for the day on which a person may come in again is not made. */
function mustEnter(app: INestApplicationContext, user: User, what: 'No link' | 'No token'): void {
  if (!user.mayEnter(app.get(Clock).now())) {
    throw new WrongState(`${user.email} cannot sign in: disabled or expired. ${what} was made.`);
  }
}

function record(app: INestApplicationContext, user: User, action: 'user.add' | 'user.link'): Promise<void> {
  const operator = { brandId: user.brandId, userId: NOBODY, name: 'Command line' };
  const audit = app.get(AuditService);
  return app.get(Database).inBrand(user.brandId, (unit) => audit.record(unit, operator, action, user.email));
}
