import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { AccountsService } from './accounts/accounts.service.js';
import { ApiTokensService } from './accounts/api_tokens.service.js';
import { passwordRefusal } from './accounts/passwords.js';
import type { User } from './accounts/user.entity.js';
import { BrandsService } from './brands/brands.service.js';
import { BadConfiguration, type Config } from './platform/config.js';
import { DatabaseAddress } from './platform/db/address.js';
import { oneAtATime } from './platform/db/orm.js';

/** What an operator is told at the very first start, and never again. */
export interface FirstStart {
  brandId: string;
  userId: string;
  brandName: string;
  email: string;
  /** Set when nobody chose a password: the way in. */
  signInLink: string | undefined;
}

/**
 * Makes the first brand and its administrator in an empty installation. Processes that start at the same time take
 * turns, and what a start left half made (it was killed, or its password refused) the next one ends.
 * @returns undefined where there are people already
 * @throws {BadConfiguration} for a password that this administrator may not have
 */
export async function prepareFirstStart(app: INestApplicationContext, config: Config): Promise<FirstStart | undefined> {
  return oneAtATime(app.get(DatabaseAddress).url, 'canvass.first-start', async () => {
    const [brandId, ...others] = await app.get(BrandsService).ids();
    if (others.length > 0 || (brandId !== undefined && (await app.get(AccountsService).peopleOf(brandId)).length > 0)) {
      await giveToken(app, config);
      return undefined;
    }
    return firstStart(app, config, brandId);
  });
}

async function firstStart(app: INestApplicationContext, config: Config, brandId?: string): Promise<FirstStart> {
  const email = config.ADMIN_EMAIL ?? `admin-${randomBytes(3).toString('hex')}@canvass.example`;
  const name = { firstName: 'Brand', lastName: 'Administrator' };
  mustBeGoodFirstPassword(config, { email, name: `${name.firstName} ${name.lastName}` });
  const brands = app.get(BrandsService);
  const brand =
    brandId === undefined ? await brands.create(config.BRAND_NAME ?? 'My organisation') : await brands.of(brandId);
  const { id: userTypeId } = await brands.typeByKey(brand.id, 'administrator');
  const accounts = app.get(AccountsService);
  const password = config.ADMIN_PASSWORD;
  const person = { email, ...name, password, brandName: brand.name, userTypeId, isOperator: true };
  const user = await accounts.addUser(brand.id, person);
  await giveToken(app, config, user);
  const signInLink = password === undefined ? await accounts.makeSignInLink(brand.id, user.id, 'sign-in') : undefined;
  return { brandId: brand.id, userId: user.id, brandName: brand.name, email, signInLink };
}

function mustBeGoodFirstPassword(
  { ADMIN_PASSWORD: password, BRAND_NAME: brand }: Config,
  person: { email: string; name: string },
): void {
  const refusal = password === undefined ? undefined : passwordRefusal(password, { ...person, brand });
  if (refusal !== undefined) {
    throw new BadConfiguration([`ADMIN_PASSWORD is not good enough: ${refusal}`]);
  }
}

/** API_TOKEN belongs to the first administrator; a changed one takes the place of the old at the next start. */
async function giveToken(app: INestApplicationContext, config: Config, first?: User): Promise<void> {
  const user = first ?? (await firstAdministrator(app, config));
  if (config.API_TOKEN !== undefined && user !== undefined) {
    await app.get(ApiTokensService).setFromEnvironment({ brandId: user.brandId, userId: user.id }, config.API_TOKEN);
  }
}

async function firstAdministrator(app: INestApplicationContext, config: Config): Promise<User | undefined> {
  const accounts = app.get(AccountsService);
  if (config.ADMIN_EMAIL !== undefined) {
    return accounts.byLogin(config.ADMIN_EMAIL);
  }
  const brands = app.get(BrandsService);
  const [brandId] = await brands.ids();
  const type = brandId === undefined ? undefined : await brands.typeByKey(brandId, 'administrator');
  const people = brandId === undefined ? [] : await accounts.peopleOf(brandId);
  return people.filter((person) => person.userTypeId === type?.id).sort((a, b) => Number(a.id) - Number(b.id))[0];
}
