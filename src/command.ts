import 'reflect-metadata';
import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { AccountsService } from './accounts/accounts.service.js';
import { ApiTokensService } from './accounts/api_tokens.service.js';
import { closeApplication, commandContext, readyDatabase } from './boot.js';
import { BrandsService } from './brands/brands.service.js';
import { BUILT_IN_TYPES, type BuiltInType } from './platform/auth/permissions.js';
import { BadConfiguration, readConfig } from './platform/config.js';
import { DomainError, Invalid, NotFound } from './platform/errors.js';

interface Command {
  usage: string;
  help: string;
  run(app: INestApplicationContext, words: string[], options: Record<string, string | undefined>): Promise<string>;
}

const COMMANDS: Record<string, Command> = {
  migrate: {
    usage: 'migrate',
    help: 'brings the database up to date',
    run: () => Promise.resolve('The database is up to date.'), // every command migrates before it runs
  },
  'brand:create': {
    usage: 'brand:create NAME',
    help: 'makes a brand with the built-in user types',
    run: async (app, [name]) => {
      const brand = await app.get(BrandsService).create(needed(name, 'NAME'));
      return `Brand “${brand.name}” has the slug ${brand.slug}.`;
    },
  },
  'user:create': {
    usage:
      'user:create EMAIL --brand SLUG [--type administrator|standard|distributor|viewer|interviewer] [--first NAME] [--last NAME] [--password PASSWORD]',
    help: 'adds a person; without a password it prints a sign-in link',
    run: createUser,
  },
  'user:sign-in-link': {
    usage: 'user:sign-in-link EMAIL',
    help: 'prints a link that signs this person in once, good for an hour',
    run: async (app, [email]) => {
      const user = await personOf(app, email);
      return app.get(AccountsService).makeSignInLink(user.brandId, user.id, 'sign-in');
    },
  },
  'token:create': {
    usage: 'token:create EMAIL [--name NAME]',
    help: 'makes an API token of this person and prints it once',
    run: async (app, [email], options) => {
      const user = await personOf(app, email);
      return app
        .get(ApiTokensService)
        .create({ brandId: user.brandId, userId: user.id }, options['name'] ?? 'From the command line');
    },
  },
};

async function createUser(
  app: INestApplicationContext,
  [email]: string[],
  options: Record<string, string | undefined>,
): Promise<string> {
  const brands = app.get(BrandsService);
  const brandId = await brandBySlug(brands, options['brand']);
  const key = options['type'] ?? 'standard';
  if (!Object.hasOwn(BUILT_IN_TYPES, key)) {
    throw new Invalid(`--type is one of ${Object.keys(BUILT_IN_TYPES).join(', ')}.`);
  }
  const userType = await brands.typeByKey(brandId, key as BuiltInType);
  const accounts = app.get(AccountsService);
  const user = await accounts.addUser(brandId, {
    email: needed(email, 'EMAIL'),
    firstName: options['first'],
    lastName: options['last'],
    password: options['password'],
    userTypeId: userType.id,
  });
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

async function personOf(
  app: INestApplicationContext,
  email: string | undefined,
): Promise<{ id: string; brandId: string }> {
  const user = await app.get(AccountsService).byLogin(needed(email, 'EMAIL'));
  if (user === undefined) {
    throw new NotFound(`Nobody signs in as ${email}.`);
  }
  return user;
}

function needed(word: string | undefined, name: string): string {
  if (word === undefined || word.trim() === '') {
    throw new Invalid(`${name} is missing.`);
  }
  return word;
}

function help(): string {
  const lines = Object.values(COMMANDS).map(({ usage, help: words }) => `  ${usage}\n      ${words}`);
  return `bin/canvass COMMAND\n\n${lines.join('\n')}\n`;
}

async function main(): Promise<number> {
  const options = Object.fromEntries(
    ['brand', 'type', 'first', 'last', 'password', 'name'].map((name) => [name, { type: 'string' as const }]),
  );
  const { positionals, values } = parseArgs({ args: process.argv.slice(2), options, allowPositionals: true });
  const [name, ...words] = positionals;
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    process.stderr.write(help());
    return name === undefined ? 0 : 2;
  }
  const config = readConfig();
  const database = await readyDatabase(config);
  try {
    const app = await commandContext(config, database.url);
    process.stdout.write(`${await command.run(app, words, values)}\n`);
    await closeApplication(app);
  } finally {
    if (!database.wasRunning) {
      await database.stop();
    }
  }
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isPlain =
      error instanceof DomainError ||
      error instanceof BadConfiguration ||
      (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    process.stderr.write(`${isPlain === true ? (error as Error).message : String((error as Error).stack)}\n`);
    process.exit(1);
  },
);
