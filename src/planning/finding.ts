/** Something that stands in the way of sending (error) or that its author should know (warning). */
export interface Finding {
  code: string;
  level: 'error' | 'warning';
  /** Which of the sentences about this code says it; without one, those under the code itself. */
  words?: string;
  values?: Record<string, string | number>;
}

export function errorIf(code: string, isSo: boolean, values: Record<string, string | number> = {}): Finding[] {
  return isSo ? [{ code, level: 'error', values }] : [];
}

export function warningIf(code: string, isSo: boolean, values: Record<string, string | number> = {}): Finding[] {
  return isSo ? [{ code, level: 'warning', values }] : [];
}
