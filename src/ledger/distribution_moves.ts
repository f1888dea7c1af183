import { type MoveList, Moves } from '../platform/moves.js';

export type DistributionStatus =
  | 'draft'
  | 'scheduled'
  | 'planning'
  | 'sending'
  | 'done'
  | 'held'
  | 'paused'
  | 'cancelled'
  | 'failed'
  | 'generated';

/** Everything that may happen to a distribution; the entity and the few statements beside it change its status by this alone. */
const LIST = {
  /** Its author wrote something else. */
  written: { draft: ['draft'], scheduled: ['draft'] },
  /** Its author wants it to go at once instead of after something. */
  hastened: { draft: ['draft'], scheduled: ['draft'] },
  scheduled: { draft: ['scheduled'] },
  planned: { draft: ['planning'], scheduled: ['planning'] },
  generated: { planning: ['generated'] },
  sent: { planning: ['sending'] },
  /** The next people have had their turn. */
  joined: { scheduled: ['sending'] },
  /** What goes to each person in turn waits for the next of them. */
  finished: { sending: ['done', 'scheduled'] },
  turnsEnded: { scheduled: ['done'] },
  /** There are more people for it after all: it was over, or had failed for want of them. */
  awakened: { done: ['scheduled', 'sending'], failed: ['scheduled', 'sending'] },
  /** Messages of it were queued once more. */
  resent: { sending: ['sending'], done: ['sending'] },
  held: { scheduled: ['held'], planning: ['held'], sending: ['held'], held: ['held'] },
  /** Between two rounds it is on the schedule. */
  paused: { sending: ['paused'], scheduled: ['paused'], held: ['paused'] },
  wentOn: { held: ['scheduled', 'planning', 'sending'], paused: ['sending'] },
  cancelled: {
    scheduled: ['cancelled'],
    planning: ['cancelled'],
    sending: ['cancelled'],
    held: ['cancelled'],
    paused: ['cancelled'],
  },
  failed: { scheduled: ['failed'], planning: ['failed'], sending: ['failed'], held: ['failed'] },
  reopened: { failed: ['draft'] },
} as const satisfies MoveList<DistributionStatus>;

export const distributionMoves = new Moves<DistributionStatus, typeof LIST>(LIST, 'status');
