import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail, NOBODY } from '../platform/auth/audit_trail.js';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { Database, type Unit } from '../platform/db/database.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { Turns } from '../platform/net/turns.js';
import { addresses } from '../platform/web/addresses.js';
import { hashPassword, isPassword, mustBeGoodPassword } from './passwords.js';
import type { Origin } from './sign_in_places.js';
import { SignInThrottle } from './sign_in_throttle.js';
import { User } from './user.entity.js';

/** How long a link lives, in milliseconds. */
const LIFE = { 'sign-in': 3_600_000, reset: 3_600_000, invite: 7 * 86_400_000 };

/** Comparing a password takes a core for 30 ms and 19 MB: so many at once, whoever asks, and nobody waits for long. */
const COMPARING = {
  atOnce: 2,
  ofNetwork: 2,
  waiting: 100,
  waitingOfNetwork: 40,
  words: 'Very many people are signing in at this moment. Try again in 10 seconds.',
  seconds: 10,
};

/** Where nobody is: looked up for names that nobody has, so that it takes as long. */
const NOWHERE = { brandId: '0', userId: '0' };

export interface NewUser {
  email: string;
  firstName?: string | undefined;
  lastName?: string | undefined;
  password?: string | undefined;
  /** What the password must not be made of. */
  brandName?: string | undefined;
  userTypeId: string;
  isOperator?: boolean;
  timeZone?: string | undefined;
}

export type PersonChange = Pick<
  User,
  'email' | 'firstName' | 'lastName' | 'userTypeId' | 'timeZone' | 'weeklyEmailLimit' | 'divisionId'
>;

/** People, how they sign in, and the links that let them in once. */
@Injectable()
export class AccountsService {
  private readonly comparing = new Turns(COMPARING);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly throttle: SignInThrottle,
    private readonly trail: AuditTrail,
  ) {}

  /** Adds a person to a brand. @throws {Invalid} when the e-mail signs somebody in already, or the password is weak */
  addUser(brandId: string, newUser: NewUser): Promise<User> {
    return this.database.inBrand(brandId, (unit) => this.addUserIn(unit, brandId, newUser));
  }

  /** As `addUser`, in a unit that is open. */
  async addUserIn(unit: Unit, brandId: string, { password, brandName, ...person }: NewUser): Promise<User> {
    if (password !== undefined) {
      const name = `${person.firstName ?? ''} ${person.lastName ?? ''}`.trim();
      mustBeGoodPassword(password, { email: person.email, name, brand: brandName });
    }
    const passwordHash = password === undefined ? null : await hashPassword(password);
    await this.mustBeNewLogin(unit, person.email);
    const user = unit.em.create(User, {
      ...stripped(person),
      email: person.email.trim(),
      userTypeId: person.userTypeId,
      brandId,
      passwordHash,
      status: passwordHash === null ? 'invited' : 'active',
      createdAt: this.clock.now(),
    } as User);
    await unit.flush();
    return user;
  }

  /**
   * Who signs in with this login and password, or undefined: the same answer and time for unknown people. Whoever it is,
   * as many units of work ask and write as much, and one hash is compared.
   * @throws {LimitReached} after too many wrong tries, or while very many others try; that is no wrong try
   */
  async authenticate(login: string, password: string, origin: Origin): Promise<User | undefined> {
    return this.comparing.within(origin.address, () => this.compared(login, password, origin));
  }

  /** For who is signed in already: guessing is slowed down like guessing at the door. @throws {Invalid} */
  async mustKnowPassword(user: User, current: string): Promise<void> {
    const admission = await this.throttle.admitOwner(user.id);
    if (!(await isPassword(user.passwordHash, current))) {
      throw new Invalid('The current password is not right.', { current: 'The current password is not right.' });
    }
    await this.throttle.succeeded(admission);
  }

  /** A link that signs this person in once; only its hash is kept. */
  makeSignInLink(brandId: string, userId: string, purpose: keyof typeof LIFE): Promise<string> {
    return this.database.inBrand(brandId, (unit) => this.makeSignInLinkIn(unit, brandId, userId, purpose));
  }

  /** As `makeSignInLink`, in a unit that is open. */
  async makeSignInLinkIn(unit: Unit, brandId: string, userId: string, purpose: keyof typeof LIFE): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    await unit.sql(
      `INSERT INTO sign_in_links (brand_id, user_id, token_hash, purpose, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [brandId, userId, digest(token), purpose, new Date(now.getTime() + LIFE[purpose]), now],
    );
    return this.config.baseUrl + addresses.accounts.signInByLink(token);
  }

  /** A link that somebody has mailed to this person; of many at once only so many. @returns undefined where none is made */
  async makeAskedLink(user: User, mostAnHour: number): Promise<string | undefined> {
    const now = this.clock.now();
    return this.database.inBrand(user.brandId, async (unit) => {
      await unit.sql('SELECT 1 FROM users WHERE id = $1 FOR UPDATE', [user.id]);
      const recent = await unit.sql('SELECT 1 FROM sign_in_links WHERE user_id = $1 AND created_at > $2', [
        user.id,
        new Date(now.getTime() - LIFE.reset),
      ]);
      const isMade = user.mayEnter(now) && recent.length < mostAnHour;
      return isMade ? this.makeSignInLinkIn(unit, user.brandId, user.id, 'reset') : undefined;
    });
  }

  /** Uses a sign-in link up. @returns the person, or undefined where it is unknown, used or too old */
  async useSignInLink(token: string): Promise<User | undefined> {
    const [found] = await this.database.outsideBrands((unit) =>
      unit.sql<{ brand_id: string }>('SELECT brand_id FROM find_sign_in_link($1)', [digest(token)]),
    );
    if (found === undefined) {
      return undefined;
    }
    const now = this.clock.now();
    const [used] = await this.database.inBrand(found.brand_id, (unit) =>
      unit.sql<{ user_id: string }>(
        'UPDATE sign_in_links SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING user_id',
        [digest(token), now],
      ),
    );
    const user = used === undefined ? undefined : await this.byId(found.brand_id, used.user_id);
    if (user === undefined || !user.mayEnter(now)) {
      return undefined;
    }
    await this.recordSignIn(user);
    return user;
  }

  /** Ends the links that wait in somebody's mail: they were for another address, another password or another time. */
  async voidLinks(unit: Unit, { id }: Pick<User, 'id'>): Promise<void> {
    await unit.run('UPDATE sign_in_links SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL', [
      id,
      this.clock.now(),
    ]);
  }

  /** Withdraws links and tokens for good: whoever was kept out gets new ones. Sessions end beside it. */
  async withdraw(unit: Unit, user: User): Promise<void> {
    await this.voidLinks(unit, user);
    await unit.run('UPDATE api_tokens SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL', [
      user.id,
      this.clock.now(),
    ]);
  }

  byId(brandId: string, userId: string): Promise<User | undefined> {
    return this.database.inBrand(brandId, (unit) => this.byIdIn(unit, userId));
  }

  /** As `byId`, in a unit that is open. */
  async byIdIn(unit: Unit, userId: string): Promise<User | undefined> {
    return (await unit.em.findOne(User, { id: userId })) ?? undefined;
  }

  mustFind(brandId: string, userId: string): Promise<User> {
    return this.database.inBrand(brandId, (unit) => this.mustFindIn(unit, userId));
  }

  /** As `mustFind`, in a unit that is open. */
  async mustFindIn(unit: Unit, userId: string): Promise<User> {
    const user = await this.byIdIn(unit, userId);
    if (user === undefined) {
      throw new NotFound('There is no such person in this brand.');
    }
    return user;
  }

  /** Changes what others may change about a person. @throws {Invalid} when the new e-mail signs somebody in already */
  change(brandId: string, userId: string, personChange: PersonChange): Promise<User> {
    return this.database.inBrand(brandId, (unit) => this.changeIn(unit, userId, personChange));
  }

  /** As `change`, in a unit that is open. */
  async changeIn(unit: Unit, userId: string, { email, ...details }: PersonChange): Promise<User> {
    const user = await this.mustFindIn(unit, userId);
    if (email.toLowerCase() !== user.email.toLowerCase()) {
      await this.mustBeNewLogin(unit, email);
      await this.voidLinks(unit, user);
    }
    return unit.em.assign(user, { email, ...details });
  }

  /** How many sessions and tokens of a person are open: what ends when they are disabled. */
  async openDoors({ id, brandId }: User): Promise<{ sessions: number; tokens: number }> {
    const now = this.clock.now();
    const count = async (rows: Promise<{ count: number }[]>) => (await rows)[0]?.count ?? 0;
    return {
      sessions: await this.database.outsideBrands((unit) =>
        count(unit.sql('SELECT count(*)::int FROM web_sessions WHERE user_id = $1 AND expires_at > $2', [id, now])),
      ),
      tokens: await this.database.inBrand(brandId, (unit) =>
        count(
          unit.sql(
            `SELECT count(*)::int FROM api_tokens
             WHERE user_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`,
            [id, now],
          ),
        ),
      ),
    };
  }

  async byLogin(login: string): Promise<User | undefined> {
    const found = await this.whereabouts(login);
    return found === undefined ? undefined : this.byId(found.brandId, found.userId);
  }

  async peopleOf(brandId: string): Promise<User[]> {
    return this.database.inBrand(brandId, ({ em }) =>
      em.find(User, {}, { orderBy: { lastName: 'asc', firstName: 'asc', id: 'asc' } }),
    );
  }

  private async compared(login: string, password: string, origin: Origin): Promise<User | undefined> {
    const admission = await this.throttle.admit(login, origin);
    const { brandId, userId } = (await this.whereabouts(login)) ?? NOWHERE;
    const user = await this.byId(brandId, userId);
    const isRight = await isPassword(user?.passwordHash ?? null, password);
    if (user === undefined) {
      await this.throttle.writeAsLong(admission);
      return undefined;
    }
    if (!isRight || !user.mayEnter(this.clock.now())) {
      await this.refused(user, origin.address);
      return undefined;
    }
    await this.throttle.succeeded(admission);
    await this.recordSignIn(user);
    return user;
  }

  private async whereabouts(login: string): Promise<typeof NOWHERE | undefined> {
    const [found] = await this.database.outsideBrands((unit) =>
      unit.sql<typeof NOWHERE>('SELECT brand_id AS "brandId", user_id AS "userId" FROM find_user($1)', [login.trim()]),
    );
    return found;
  }

  /** Whoever gives the same login away at the same moment waits here for our commit. */
  private async mustBeNewLogin(unit: Unit, email: string): Promise<void> {
    await unit.sql('SELECT pg_advisory_xact_lock(hashtextextended(lower($1), 0))', [`login ${email.trim()}`]);
    const taken = await unit.sql('SELECT 1 FROM find_user($1)', [email.trim()]);
    if (taken.length > 0) {
      const message =
        'Somebody signs in with this e-mail already. A person belongs to one brand; take another address.';
      throw new Invalid(message, { email: message });
    }
  }

  /**
   * Wrong tries at a known person's door are in the brand's audit log; the throttle keeps strangers from filling it. Who
   * tried is not known, and least of all the person whose door it is: that is whom it was done to.
   */
  private async refused(user: User, address: string): Promise<void> {
    const who = { brandId: user.brandId, userId: NOBODY, name: 'Somebody unknown', address };
    await this.database.inBrand(user.brandId, async (unit) => {
      await this.trail.record(unit, who, 'sign-in.refused', user.email);
    });
  }

  private async recordSignIn(user: User): Promise<void> {
    const now = this.clock.now();
    user.signedIn(now);
    await this.database.inBrand(user.brandId, (unit) =>
      unit.sql('UPDATE users SET last_login_at = $2 WHERE id = $1', [user.id, now]),
    );
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function stripped<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Partial<T>;
}
