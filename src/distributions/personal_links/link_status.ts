/** Where a personal link is, told by one word; keys of `distributions.personal.status`. */
export interface LinkStatus {
  key:
    | 'finished'
    | 'screened_out'
    | 'quota_full'
    | 'revoked'
    | 'partial'
    | 'session_expired'
    | 'started'
    | 'expired'
    | 'opened'
    | 'open'
    | 'skipped';
  tone: string;
}

interface Happened {
  state: string;
  finishedAt: Date | string | null;
  screenedOutAt: Date | null;
  quotaFullAt: Date | null;
  sessionExpiredAt: Date | null;
  linkRevokedAt: Date | null;
  partialAt: Date | null;
  startedAt: Date | string | null;
  openedAt: Date | null;
  isExpired: boolean;
}

export function statusOf(row: Happened): LinkStatus {
  const steps: [boolean, LinkStatus['key'], string][] = [
    [row.state === 'skipped', 'skipped', 'hold'],
    [row.finishedAt !== null, 'finished', 'done'],
    [row.screenedOutAt !== null, 'screened_out', 'idle'],
    [row.quotaFullAt !== null, 'quota_full', 'idle'],
    [row.linkRevokedAt !== null, 'revoked', 'fail'],
    [row.partialAt !== null, 'partial', 'run'],
    [row.sessionExpiredAt !== null, 'session_expired', 'hold'],
    [row.startedAt !== null, 'started', 'run'],
    [row.isExpired, 'expired', 'hold'],
    [row.openedAt !== null, 'opened', 'run'],
  ];
  const [, key, tone] = steps.find(([isSo]) => isSo) ?? [true, 'open' as const, 'idle'];
  return { key, tone };
}
