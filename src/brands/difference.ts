/** Only what changed, as the audit log keeps it; undefined where nothing did. */
export function difference<T extends object>(
  before: T,
  after: T,
): { before: Partial<T>; after: Partial<T> } | undefined {
  const keys = (Object.keys(after) as (keyof T)[]).filter((key) => !isSame(before[key], after[key]));
  const of = (state: T) => Object.fromEntries(keys.map((key) => [key, state[key]])) as Partial<T>;
  return keys.length === 0 ? undefined : { before: of(before), after: of(after) };
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (Array.isArray(one) && Array.isArray(other) && one.join('\n') === other.join('\n'));
}
