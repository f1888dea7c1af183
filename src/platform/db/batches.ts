import type { Database } from './database.js';

/** So many rows go in one transaction: nobody waits long for what it locks. */
export const BATCH = 500;

/**
 * Runs a statement that changes at most `BATCH` rows until fewer are left, each time in a transaction of its own.
 * @param brandId undefined for tables without brands
 */
export async function inBatches(
  database: Database,
  brandId: string | undefined,
  statement: string,
  values: unknown[],
): Promise<void> {
  const run = (): Promise<number> =>
    brandId === undefined
      ? database.outsideBrands((unit) => unit.run(statement, values))
      : database.inBrand(brandId, (unit) => unit.run(statement, values));
  while ((await run()) === BATCH) {
    // The next batch is a transaction of its own.
  }
}

/** @param finder a function of the database that returns ids of brands, with its arguments as `$1` and so on */
export async function brandsFoundBy(database: Database, finder: string, values: unknown[] = []): Promise<string[]> {
  const rows = await database.outsideBrands((unit) =>
    unit.sql<{ brandId: string }>(`SELECT DISTINCT brand_id AS "brandId" FROM ${finder}`, values),
  );
  return rows.map(({ brandId }) => brandId);
}
