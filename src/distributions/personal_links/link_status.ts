/** Where a personal link is, told by one word; keys of `distributions.personal.status`. */
export interface LinkStatus {
  key: 'finished' | 'revoked' | 'partial' | 'started' | 'expired' | 'opened' | 'open' | 'skipped';
  tone: string;
}

interface Happened {
  state: string;
  finishedAt: Date | string | null;
  linkRevokedAt: Date | null;
  partialAt: Date | null;
  startedAt: Date | string | null;
  openedAt: Date | null;
  isExpired: boolean;
}

export function statusOf(row: Happened): LinkStatus {
  const { state, finishedAt, linkRevokedAt, partialAt, startedAt, openedAt, isExpired } = row;
  const steps: [boolean, LinkStatus['key'], string][] = [
    [state === 'skipped', 'skipped', 'hold'],
    [finishedAt !== null, 'finished', 'done'],
    [linkRevokedAt !== null, 'revoked', 'fail'],
    [partialAt !== null, 'partial', 'run'],
    [startedAt !== null, 'started', 'run'],
    [isExpired, 'expired', 'hold'],
    [openedAt !== null, 'opened', 'run'],
  ];
  const [, key, tone] = steps.find(([isSo]) => isSo) ?? [true, 'open' as const, 'idle'];
  return { key, tone };
}
