import { openSession, RelayDown } from '../connection.js';
import type { Relay } from '../relay.js';

/** Somebody waits in front of a page: no server gets more than this. */
const TRIAL_PATIENCE = { connect: 10_000, greeting: 10_000, command: 20_000 };

/** What a relay refused, in its own words. */
export interface TrialFailure {
  step: 'connect' | 'tls' | 'sign_in' | 'sender' | 'recipient';
  words: string;
}

/**
 * Everything up to the mail itself: connects, encrypts, signs in, names a sender and a recipient, and takes both back by
 * RSET. Nothing is sent.
 */
export async function tryRelay(
  relay: Relay,
  envelope: { sender: string; recipient: string },
): Promise<TrialFailure | undefined> {
  try {
    const session = await openSession({ ...relay, patience: { ...relay.patience, ...TRIAL_PATIENCE } });
    const refused = await session.rehearse(envelope);
    session.quit();
    if (refused === undefined) return undefined;
    const { reply, text } = refused;
    const step = refused.phase === 'sender' ? 'sender' : 'recipient';
    return { step, words: reply === undefined ? text : wordsOf(reply) };
  } catch (error) {
    if (!(error instanceof RelayDown)) throw error;
    return { step: error.step, words: error.reply === undefined ? error.message : wordsOf(error.reply) };
  }
}

function wordsOf({ code, enhanced, text }: NonNullable<RelayDown['reply']>): string {
  return [code, enhanced, text].filter((part) => part !== undefined).join(' ');
}
