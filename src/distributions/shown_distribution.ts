import type { Actor } from '../platform/auth/actor.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import type { DistributionWords } from '../ledger/distribution_words.js';
import type { Family } from './follow_ups/families.js';
import type { Tallies } from '../ledger/tallies.js';

/** A distribution with what is known of it, and who looks at it. */
export interface Shown {
  distribution: Distribution;
  tallies: Tallies;
  /** When the next message is due, where nothing is due now. */
  nextTryAt?: Date | undefined;
  /** When the sending hours begin again, where they are over for now. */
  opensAt?: Date | undefined;
  /** How many more mails the weekly limits have room for, where some can be queued once more. */
  room?: number | undefined;
  /** The division whose weekly limit it waits for, where it is not the brand's. */
  limitingDivision?: string | undefined;
  /** Whether somebody counts who opens the mail: its author wanted it and answers are somebody's. */
  countsOpens: boolean;
  /** What it follows, when that is expected, and what follows it. */
  family?: Family | undefined;
  actor: Actor;
  /** Whether this person may send for the survey. */
  maySend: boolean;
  words: DistributionWords;
}
