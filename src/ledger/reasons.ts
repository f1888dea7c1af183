/** Whom a survey has turned away, as reasons and as events of the ledger. */
export const TURNED_AWAY: readonly string[] = ['screened_out', 'quota_full'];

/** How somebody ended the survey before; which end it was says what they answered. */
export function isEnd(reason: string): boolean {
  return reason === 'finished' || TURNED_AWAY.includes(reason);
}

/** The key of a reason's words below `distributions.reason`, and what they name: a frequency rule is told by its name. */
export function reasonKey(reason: string): { key: string; values: { name?: string } } {
  const rule = ruleIn(reason);
  return rule === undefined ? { key: reason, values: {} } : { key: 'frequency', values: { name: rule.name } };
}

/** The name of the rule in a reason of the ledger; it stays readable when the rule is gone. */
export function ruleIn(reason: string): { id: string; name: string } | undefined {
  const [, id, name] = /^frequency:(\d+):(.*)$/s.exec(reason) ?? [];
  return id === undefined || name === undefined ? undefined : { id, name };
}
