import type { ImportMapping } from './contact_import.entity.js';
import type { FileShape } from './csv/csv_shape.js';

/** An import that this process runs; the attempt's number fences off every other run of it. */
export interface Claimed {
  id: string;
  brandId: string;
  listId: string;
  attempt: number;
  filePath: string;
  shape: FileShape;
  mapping: ImportMapping;
}

/** Ends a run from inside: somebody cancelled it, or it belongs to another run (or to nobody, with its list) by now. */
export class Stopped extends Error {
  constructor(readonly isCancelled: boolean) {
    super('The run was stopped');
  }
}
