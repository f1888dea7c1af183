import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';

/** What is true during one unit of work: whose rows it sees, on which connection, and what waits for its commit. */
export class Scope {
  client: pg.PoolClient | undefined;
  readonly afterCommit: (() => void)[] = [];
  isOver = false;

  /** @param brandId the brand whose rows are visible; undefined shows no brand's rows at all */
  constructor(readonly brandId: string | undefined) {}
}

export const scopes = new AsyncLocalStorage<Scope>();

/** The scope of the unit of work that this code runs in, if it is still open. */
export function openScope(): Scope | undefined {
  const scope = scopes.getStore();
  return scope === undefined || scope.isOver ? undefined : scope;
}

/**
 * A connection that takes the role and the brand along with BEGIN, in the same round trip: the role owns nothing and
 * cannot bypass row-level security, and both end with the transaction, so nothing leaks to the pool's next user.
 */
export class ScopedClient extends pg.Client {
  // The driver's `query` has a dozen overloads; they are passed on untouched but for BEGIN.
  override query(...words: unknown[]): never {
    const [text] = words;
    const scope = scopes.getStore();
    const isBegin = typeof text === 'string' && /^(begin|start transaction)\b/i.test(text);
    if (isBegin && scope !== undefined) {
      scope.client = this as unknown as pg.PoolClient;
      return super.query(`${text}; ${settings(scope)}`) as never;
    }
    return (super.query as (...all: unknown[]) => never).apply(this, words);
  }
}

function settings({ brandId }: Scope): string {
  if (brandId !== undefined && !/^\d{1,18}$/.test(brandId)) {
    throw new TypeError('A brand id is a whole number');
  }
  return `set local role canvass_app; set local app.brand = '${brandId ?? ''}'`;
}
