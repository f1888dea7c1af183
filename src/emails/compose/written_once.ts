import { createHash } from 'node:crypto';
import type { Unit } from '../../platform/db/database.js';
import { Distribution } from '../../ledger/distribution.entity.js';
import { noteWritten, writtenBy } from '../../ledger/marks.sql.js';
import type { Written } from './compositions.forms.js';

/** Stands for a form as it was drawn, with all that was written into it; undefined for a form that says nothing of itself. */
export function writtenKey(formKey: string, written: Written): string | undefined {
  return formKey === ''
    ? undefined
    : createHash('sha256')
        .update(JSON.stringify([formKey, written]))
        .digest('hex');
}

/** A form that is sent several times, e.g. by a double click, makes one draft: later ones wait and are given the first. */
export async function writtenOnce(
  unit: Unit,
  key: string | undefined,
  make: () => Promise<Distribution>,
): Promise<Distribution> {
  if (key === undefined) {
    return make();
  }
  await unit.sql('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`written ${key}`]);
  const known = await writtenBy(unit, key);
  if (known !== undefined) {
    return unit.em.findOneOrFail(Distribution, { id: known });
  }
  const made = await make();
  await noteWritten(unit, made.id, key);
  return made;
}
