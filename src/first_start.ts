import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { AccountsService } from './accounts/accounts.service.js';
import { ApiTokensService } from './accounts/api_tokens.service.js';
import type { User } from './accounts/user.entity.js';
import { BrandsService } from './brands/brands.service.js';
import type { Config } from './platform/config.js';

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
 * Makes the first brand and its administrator in an empty installation.
 * @returns undefined where there is a brand already
 */
export async function prepareFirstStart(app: INestApplicationContext, config: Config): Promise<FirstStart | undefined> {
  const brands = app.get(BrandsService);
  if ((await brands.ids()).length > 0) {
    await giveToken(app, config);
    return undefined;
  }
  const brand = await brands.create(config.BRAND_NAME ?? 'My organisation');
  const administrator = await brands.typeByKey(brand.id, 'administrator');
  const email = config.ADMIN_EMAIL ?? `admin-${randomBytes(3).toString('hex')}@canvass.example`;
  const accounts = app.get(AccountsService);
  const user = await accounts.addUser(brand.id, {
    email,
    firstName: 'Brand',
    lastName: 'Administrator',
    password: config.ADMIN_PASSWORD,
    userTypeId: administrator.id,
    isOperator: true,
  });
  await giveToken(app, config, user);
  const signInLink =
    config.ADMIN_PASSWORD === undefined ? await accounts.makeSignInLink(brand.id, user.id, 'sign-in') : undefined;
  return { brandId: brand.id, userId: user.id, brandName: brand.name, email, signInLink };
}

/** API_TOKEN belongs to the first administrator; a changed one is added at the next start. */
async function giveToken(app: INestApplicationContext, config: Config, first?: User): Promise<void> {
  const user = first ?? (await firstAdministrator(app, config));
  if (config.API_TOKEN !== undefined && user !== undefined) {
    await app
      .get(ApiTokensService)
      .create({ brandId: user.brandId, userId: user.id }, 'From the environment', config.API_TOKEN);
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
