import { Injectable } from '@nestjs/common';
import { nameOf, type User } from '../accounts/user.entity.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/db/database.js';

const ADMINISTRATORS = `SELECT u.first_name AS "firstName", u.last_name AS "lastName", u.email
FROM users u JOIN user_types t ON t.brand_id = u.brand_id AND t.id = u.user_type_id
LEFT JOIN permission_overrides o ON o.brand_id = u.brand_id AND o.user_id = u.id AND o.permission = 'brand:admin'
WHERE coalesce(o.enabled, 'brand:admin' = ANY (t.permissions)) AND u.status = 'active' AND (u.expires_at IS NULL OR u.expires_at > $1)
ORDER BY u.last_login_at DESC NULLS LAST, u.id LIMIT 3`;

/** Who administers a brand: whom others ask. */
@Injectable()
export class AdministratorsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** `Ada Lovelace (ada@acme.example) or Grace Hopper (…)`: the three who were here last; undefined where there is none. */
  async named(brandId: string): Promise<string | undefined> {
    const people = await this.database.inBrand(brandId, (unit) =>
      unit.sql<Pick<User, 'firstName' | 'lastName' | 'email'>>(ADMINISTRATORS, [this.clock.now()]),
    );
    return people.length === 0
      ? undefined
      : new Intl.ListFormat('en', { type: 'disjunction' }).format(people.map((person) => contactOf(person)));
  }
}

/** `Ada Lovelace (ada@acme.example)`, or the address alone where nobody gave a name. */
function contactOf(person: Pick<User, 'firstName' | 'lastName' | 'email'>): string {
  const name = nameOf(person);
  return name === person.email ? name : `${name} (${person.email})`;
}
