import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { NotFound } from '../errors.js';

/** Serialization failures and deadlocks: the work is right, the moment was not; it is run again. */
const TRY_AGAIN = new Set(['40001', '40P01']);
const TRIES = 4;
/** Commands whose count says how many rows were touched. */
const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** Rows of hand-written SQL: bigint as string, timestamptz as Date, jsonb parsed (the driver's own types). */
export type Row = Record<string, unknown>;

/** A statement as the ORM hands it to a transaction. */
interface Compiled {
  sql: string;
  parameters: unknown[];
}

/** One transaction under one brand. `sql` and `em` share it; `em` is made on first use and flushed before the commit. */
export class Unit {
  private manager: EntityManager | undefined;
  /** What waits for the commit. */
  readonly facts: (() => void)[] = [];
  /** What open pages hear of after the commit. */
  readonly topics = new Set<string>();
  isOver = false;

  /**
   * @param client the connection itself, for COPY and cursors
   * @param brandId the brand whose rows are visible; undefined shows no brand's rows at all
   */
  constructor(
    private readonly orm: MikroORM,
    readonly client: pg.PoolClient,
    readonly brandId: string | undefined,
  ) {}

  get em(): EntityManager {
    if (this.manager === undefined) {
      this.manager = this.orm.em.fork({ clear: true, useContext: false });
      // Begin and end are ours; all that the ORM asks of an open transaction is to run its statements.
      this.manager.setTransactionContext({ executeQuery: (compiled: Compiled) => this.execute(compiled) });
    }
    return this.manager;
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

  /** Pages that follow `topic`, such as `survey:7`, are told so when this is committed; it costs the commit nothing. */
  changed(topic: string): void {
    this.topics.add(topic);
  }

  /** Rows are parsed as the ORM's entities want them: by the types that it gave its pool. */
  private async execute({ sql, parameters }: Compiled): Promise<{ rows: Row[]; numAffectedRows?: bigint }> {
    const { command, rowCount, rows } = await this.client.query<Row>(sql, parameters);
    return CHANGES.has(command) ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows };
  }
}

/**
 * The way to PostgreSQL: every unit of work is one transaction and, where entities are used, one fork of the
 * EntityManager. What belongs to a unit that is open takes that unit as an argument; nothing joins it by itself.
 */
@Injectable()
export class Database {
  /** Hears of the topics of each unit that was committed. */
  onChanges: (topics: ReadonlySet<string>) => void = () => undefined;

  constructor(readonly orm: MikroORM) {}

  /**
   * Runs `work` in one transaction that sees the rows of `brandId` only.
   * @throws {Error} inside another unit: what looks like one transaction would be two, and wait for a second connection
   */
  async inBrand<T>(brandId: string, work: (unit: Unit) => Promise<T>): Promise<T> {
    const place = openPlace();
    if (place === undefined) {
      return this.start(brandId, work);
    }
    if (!place.isHost) {
      throw new Error(INSIDE);
    }
    if (place.unit.brandId !== brandId) {
      throw new Error('A unit of work stays within one brand');
    }
    return places.run({ unit: place.unit, isHost: false }, () => work(place.unit));
  }

  /**
   * One transaction for whatever units of `brandId` are opened within `work`, one after the other. For calls of the API
   * that are kept under a key: what they call knows nothing of the key, and nothing leads there but the call itself.
   */
  async host<T>(brandId: string, work: (unit: Unit) => Promise<T>): Promise<T> {
    return this.start(brandId, work, true);
  }

  /** Runs `work` where no brand's rows are visible: sessions, keys, and the finders that return ids only. */
  async outsideBrands<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    return places.exit(() => this.start(undefined, work));
  }

  /** A unit of its own even inside another one, e.g. to keep a failed sign-in on record while the rest rolls back. */
  async apart<T>(brandId: string, work: (unit: Unit) => Promise<T>): Promise<T> {
    return places.exit(() => this.start(brandId, work));
  }

  /** Runs `fact` after the commit of the unit that is open, or at once where none is. */
  afterCommit(fact: () => void): void {
    const place = openPlace();
    if (place === undefined) {
      fact();
    } else {
      place.unit.facts.push(fact);
    }
  }

  private async start<T>(brandId: string | undefined, work: (unit: Unit) => Promise<T>, isHost = false): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.transact(brandId, work, isHost);
      } catch (error) {
        if (attempt >= TRIES || !TRY_AGAIN.has((error as { code?: string }).code ?? '')) {
          throw error;
        }
      }
    }
  }

  private async transact<T>(
    brandId: string | undefined,
    work: (unit: Unit) => Promise<T>,
    isHost: boolean,
  ): Promise<T> {
    const unit = new Unit(this.orm, await this.begun(brandId), brandId);
    const { client } = unit;
    let result: T;
    try {
      result = await places.run({ unit, isHost }, () => work(unit));
      await unit.flush();
      await client.query('commit');
    } catch (error) {
      unit.isOver = true;
      await client.query('rollback').then(
        () => client.release(),
        () => client.release(true), // it is broken, and the first error is the one to tell
      );
      throw error;
    }
    unit.isOver = true;
    client.release();
    unit.facts.forEach((fact) => fact());
    if (unit.topics.size > 0) {
      this.onChanges(unit.topics);
    }
    return result;
  }

  /**
   * A connection in a transaction that took the role and the brand along with its beginning, in the same round trip: the
   * role owns nothing and cannot bypass row-level security, and both end with the transaction, so nothing leaks to the
   * pool's next user. One that broke leaves the pool, so that a restart of PostgreSQL costs no places.
   */
  private async begun(brandId: string | undefined): Promise<pg.PoolClient> {
    const text = beginning(brandId);
    const pool = await this.orm.em.getConnection().getNativeClient();
    const client = await pool.connect();
    try {
      await client.query(text);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}

const INSIDE =
  'A unit of work is open here. Give it to what belongs to it, as the first argument (`verbIn(unit, …)`); for a unit of its own there is `apart`.';

/** The unit that code runs in, so that a second one by mistake is noticed, and facts wait for the right commit. */
const places = new AsyncLocalStorage<{ unit: Unit; isHost: boolean }>();

/** Where this code runs, if the unit of work is still open. */
function openPlace(): { unit: Unit; isHost: boolean } | undefined {
  const place = places.getStore();
  return place === undefined || place.unit.isOver ? undefined : place;
}

function beginning(brandId: string | undefined): string {
  if (brandId !== undefined && !/^\d{1,18}$/.test(brandId)) {
    throw new TypeError('A brand id is a whole number');
  }
  return `begin; set local role canvass_app; set local app.brand = '${brandId ?? ''}'`;
}
