import { type MoveList, Moves } from '../platform/moves.js';
import type { MessageState } from './message.entity.js';

/**
 * Everything that may happen to a message. Statements take their states from here (`messageMoves.set`, `.isIn`); a house test
 * finds any that does not. Accepted and skipped are ends.
 */
const LIST = {
  /** A process holds it. */
  claimed: { queued: ['leased'] },
  /** It was given up before the wire: its process stopped or died, or its recipient has another address. */
  released: { leased: ['queued'] },
  /** The intent is committed, its body may be on its way. */
  wired: { leased: ['wire'] },
  /** A try ended. A late word on an uncertain one still counts; what waits for another try of a cancelled distribution ends. */
  settled: {
    leased: ['queued', 'failed', 'skipped', 'cancelled', 'uncertain'],
    wire: ['accepted', 'queued', 'failed', 'cancelled', 'uncertain'],
    uncertain: ['accepted', 'queued', 'failed', 'cancelled', 'uncertain'],
  },
  /** Its process died while it was on the wire. */
  lost: { wire: ['uncertain'] },
  /** The wait of an uncertain one is over: evidence confirms it, else it goes once more, or stays where nothing is sent any more. */
  waited: { uncertain: ['accepted', 'queued', 'uncertain'] },
  /** Its recipient acted on it, so it has arrived. */
  answered: { uncertain: ['accepted'] },
  /** It came back, so it has left. */
  returned: { uncertain: ['accepted'], queued: ['accepted'] },
  /** Nothing of it will be sent. */
  cancelled: { planned: ['cancelled'], queued: ['cancelled'], leased: ['cancelled'] },
  /** Nothing more of it will be sent, and a copy may be out already. */
  leftInDoubt: { queued: ['uncertain'], leased: ['uncertain'], uncertain: ['uncertain'] },
  /** Somebody stopped it for this person alone. */
  stopped: { queued: ['cancelled', 'uncertain'], leased: ['cancelled', 'uncertain'] },
  /** Enough people had finished before its wave, and later somebody wanted the wave after all. */
  waveEnded: { queued: ['cancelled'] },
  waveResumed: { cancelled: ['queued'] },
  /** Somebody wants another try of what failed, or one more of what stayed uncertain. */
  retried: { failed: ['queued'] },
  risked: { uncertain: ['queued'] },
} as const satisfies MoveList<MessageState>;

export const messageMoves = new Moves<MessageState, typeof LIST>(LIST, 'state');
