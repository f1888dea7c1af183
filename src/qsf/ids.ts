import { isId } from '../engine/id.schema.js';
import { seedAt } from '../engine/draws/random.js';

/** An id that may be a field name: the file's own where possible, else one made from it, always the same. */
export function safeId(written: string): string {
  if (isId(written)) return written;
  const sideBySide = /^([A-Za-z0-9]+)#(\d+)$/.exec(written);
  if (sideBySide) return `${sideBySide[1]}-${sideBySide[2]}`;
  const letters = written.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
  return `${letters.slice(0, 40) || 'x'}.${seedAt(0, written).toString(36)}`;
}
