import { MikroORM, ReferenceKind } from '@mikro-orm/postgresql';
import { startWorld, type World } from '../world.js';

describe('the schema', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  it('has a column of the same kind and nullability for every property of an entity', async () => {
    const columns = await world.database.outsideBrands((unit) =>
      unit.sql<{ table: string; column: string; type: string; nullable: boolean }>(
        `SELECT c.relname AS table, attname AS column, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable
         FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped`,
      ),
    );
    const known = new Map(columns.map((column) => [`${column.table}.${column.column}`, column]));
    const entities = [...world.app.get(MikroORM).getMetadata().getAll().values()].filter(
      ({ embeddable }) => !embeddable,
    );
    // Embedded values are listed with their own columns as well.
    const properties = entities.flatMap((entity) =>
      entity.props
        .filter(
          ({ persist, mappedBy, kind }) =>
            persist !== false && mappedBy === undefined && kind !== ReferenceKind.EMBEDDED,
        )
        .flatMap((property) =>
          property.fieldNames.map((name) => ({
            key: `${entity.tableName}.${name}`,
            isNullable: property.nullable === true,
          })),
        ),
    );
    const drift = properties
      .filter(({ key, isNullable }) => known.get(key)?.nullable !== isNullable)
      .map(({ key }) => key);
    expect(drift).toEqual([]);
  });

  it('has no migration that did not run', async () => {
    const pending = await world.app.get(MikroORM).migrator.getPending();
    expect(pending).toEqual([]);
  });
});
