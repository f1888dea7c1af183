import { Injectable } from '@nestjs/common';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { NotFound } from '../errors.js';
import { openScope, Scope, scopes } from './scope.js';

/** Serialization failures and deadlocks: the work is right, the moment was not; it is run again. */
const TRY_AGAIN = new Set(['40001', '40P01']);
const TRIES = 4;

/** Rows of hand-written SQL: bigint as string, timestamptz as Date, jsonb parsed (the driver's own types). */
export type Row = Record<string, unknown>;

/** A transaction as the ORM's own query builder opens it. */
type OpenTransaction = Awaited<
  ReturnType<
    ReturnType<ReturnType<ReturnType<EntityManager['getConnection']>['getClient']>['startTransaction']>['execute']
  >
>;

/** One transaction under one brand. `sql` and `em` share it; `em` is made on first use and flushed before the commit. */
export class Unit {
  private manager: EntityManager | undefined;

  constructor(
    private readonly orm: MikroORM,
    private readonly transaction: OpenTransaction,
    private readonly scope: Scope,
  ) {}

  get em(): EntityManager {
    if (this.manager === undefined) {
      this.manager = this.orm.em.fork({ clear: true, useContext: false });
      this.manager.setTransactionContext(this.transaction);
    }
    return this.manager;
  }

  /** The connection itself, for COPY and cursors. */
  get client(): pg.PoolClient {
    return this.scope.client!;
  }

  /** Runs hand-written SQL with `$1` parameters and returns its rows. */
  async sql<T = Row>(text: string, values: unknown[] = []): Promise<T[]> {
    await this.manager?.flush();
    const result = await this.client.query({ text, values, types: pg.types });
    return result.rows as T[];
  }

  /** As `sql`, prepared once a connection under `name`; for statements that run thousands of times. */
  async prepared<T = Row>(name: string, text: string, values: unknown[] = []): Promise<T[]> {
    const result = await this.client.query({ name, text, values, types: pg.types });
    return result.rows as T[];
  }

  /**
   * Before a mass write: a connection keeps the plans that check foreign keys, also one made while the table was a page long
   * and best read whole. With it the members of a list of 100,000 took more than six minutes; a new plan sees the table as it is.
   */
  async planAnew(): Promise<void> {
    await this.client.query('DISCARD PLANS');
  }

  /** As `sql`, and says how many rows were touched. */
  async run(text: string, values: unknown[] = []): Promise<number> {
    await this.manager?.flush();
    return (await this.client.query({ text, values })).rowCount ?? 0;
  }

  /** The one row that the statement returns. @throws {NotFound} with `missing` when there is none */
  async one<T = Row>(text: string, values: unknown[] = [], missing = 'This does not exist.'): Promise<T> {
    const [row] = await this.sql<T>(text, values);
    if (row === undefined) {
      throw new NotFound(missing);
    }
    return row;
  }

  async flush(): Promise<void> {
    await this.manager?.flush();
  }
}

/**
 * The way to PostgreSQL: every unit of work is one transaction and, where entities are used, one fork of the
 * EntityManager. Inside another unit of the same brand the work joins that unit, so service verbs compose.
 */
@Injectable()
export class Database {
  constructor(readonly orm: MikroORM) {}

  /** Runs `work` in one transaction that sees the rows of `brandId` only. */
  async inBrand<T>(brandId: string, work: (unit: Unit) => Promise<T>): Promise<T> {
    const current = openScope();
    const joined = current === undefined ? undefined : units.get(current);
    if (current === undefined || joined === undefined) {
      return this.start(brandId, work);
    }
    if (current.brandId !== brandId) {
      throw new Error('A unit of work stays within one brand');
    }
    return work(joined);
  }

  /** Runs `work` where no brand's rows are visible: sessions, keys, and the finders that return ids only. */
  async outsideBrands<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    return scopes.exit(() => this.start(undefined, work));
  }

  /** A unit of its own even inside another one, e.g. to keep a failed sign-in on record while the rest rolls back. */
  async apart<T>(brandId: string, work: (unit: Unit) => Promise<T>): Promise<T> {
    return scopes.exit(() => this.start(brandId, work));
  }

  /** Runs `fact` after the commit of the unit that is open, or at once where none is. */
  afterCommit(fact: () => void): void {
    const scope = openScope();
    if (scope === undefined) {
      fact();
    } else {
      scope.afterCommit.push(fact);
    }
  }

  private async start<T>(brandId: string | undefined, work: (unit: Unit) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const scope = new Scope(brandId);
      try {
        return await scopes.run(scope, () => this.transact(scope, work));
      } catch (error) {
        if (attempt >= TRIES || !TRY_AGAIN.has((error as { code?: string }).code ?? '')) {
          throw error;
        }
      }
    }
  }

  private async transact<T>(scope: Scope, work: (unit: Unit) => Promise<T>): Promise<T> {
    const kysely = this.orm.em.getConnection().getClient();
    const transaction = await kysely
      .startTransaction()
      .execute()
      .catch((error: unknown) => {
        discard(scope);
        throw error;
      });
    const unit = new Unit(this.orm, transaction, scope);
    units.set(scope, unit);
    let result: T;
    try {
      result = await work(unit);
      await unit.flush();
      await transaction.commit().execute();
    } catch (error) {
      scope.isOver = true;
      await transaction
        .rollback()
        .execute()
        .catch(() => discard(scope)); // the first error is the one to tell
      throw error;
    }
    scope.isOver = true;
    scopes.exit(() => scope.afterCommit.forEach((fact) => fact()));
    return result;
  }
}

const units = new WeakMap<Scope, Unit>();

/**
 * Kysely gives a connection back only after a BEGIN, COMMIT or ROLLBACK that worked. One that broke would keep its
 * place in the pool for ever, and a restart of PostgreSQL would leave a pool without places.
 */
function discard(scope: Scope): void {
  scope.client?.release(true);
}
