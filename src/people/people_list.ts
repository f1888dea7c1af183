import { Injectable } from '@nestjs/common';
import type { User, UserStatus } from '../accounts/user.entity.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/db/database.js';
import { PEOPLE, STATUS_COUNTS } from './people.sql.js';

export type StatusFilter = 'all' | UserStatus;

/** What is asked of the list: part of a name or address, a status, and the last person shown. */
export interface PeopleWish {
  search: string;
  status: StatusFilter;
  after?: string | undefined;
}

type Shown = 'id' | 'email' | 'firstName' | 'lastName' | 'status' | 'lastLoginAt' | 'expiresAt';

export type ListedPerson = Pick<User, Shown> & {
  typeName: string;
  /** How many permissions were set for this person. */
  overrides: number;
};

/** Reads lists of people; writes nothing. */
@Injectable()
export class PeopleList {
  constructor(private readonly database: Database) {}

  /** @returns one row more than `size` where there are more */
  async page(actor: Actor, { search, status, after }: PeopleWish, size: number): Promise<ListedPerson[]> {
    return this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<ListedPerson>(PEOPLE, [search, status, after ?? null, size + 1]),
    );
  }

  async counts(actor: Actor, search: string): Promise<Record<StatusFilter, number>> {
    const rows = await this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<{ status: UserStatus; count: number }>(STATUS_COUNTS, [search]),
    );
    const of = (status: UserStatus) => rows.find((row) => row.status === status)?.count ?? 0;
    const counts = { active: of('active'), invited: of('invited'), disabled: of('disabled') };
    return { all: counts.active + counts.invited + counts.disabled, ...counts };
  }
}
