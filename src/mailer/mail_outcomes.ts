import type { Outcome } from '../platform/channel.js';
import type { RelayDown } from './connection.js';
import { NotSigned } from './dkim.js';
import { MailRefused } from './mail_refused.js';
import { queueIdIn } from './reply.js';
import type { Ending, Session } from './session.js';
import type { Unreachable } from './way.js';

/** Why a mail could not be put together. What is no mail will never be one; a key may be there again later. */
export function notComposed(messageId: string, error: unknown): Outcome {
  if (error instanceof MailRefused) return { messageId, status: 'refused', phase: 'compose', text: error.message };
  if (error instanceof NotSigned) {
    return { messageId, status: 'not_sent', phase: 'compose', text: error.message, isUnsigned: true };
  }
  throw error;
}

/** Every way is closed; the words name each, and each once. */
export function notTried(messageId: string, downs: readonly RelayDown[]): Outcome {
  const [first] = downs;
  const told = new Map(downs.map(({ host, message }) => [host, message.replace(` ${host}`, '')]));
  const text = told.size === 1 ? [...told.values()] : [...told].map(([host, message]) => `${host}: ${message}`);
  return {
    messageId,
    status: 'not_sent',
    phase: 'connect',
    text: downs.length === 0 ? 'There is no way out for this mail' : text.join('; '),
    host: [...told.keys()].join(', '),
    isRelayDown: true,
    ...replyCodes(first?.reply),
  };
}

export function unreachable(messageId: string, { message, status, code, enhanced, host }: Unreachable): Outcome {
  return {
    messageId,
    status,
    phase: 'connect',
    text: message,
    code,
    enhanced,
    ...(host === undefined ? {} : { host }),
  };
}

/** It gave way: no try, no words. */
export function putOff(messageId: string, retryAfterMs: number): Outcome {
  return { messageId, status: 'not_sent', phase: 'connect', text: 'Waits for its turn', isPutOff: true, retryAfterMs };
}

export function outcomeOf(messageId: string, ending: Ending, { peer }: Session): Outcome {
  const queueId = ending.status === 'accepted' ? queueIdIn(ending.text) : undefined;
  return {
    messageId,
    status: ending.status,
    phase: ending.phase,
    text: ending.text,
    ...peer,
    ...replyCodes(ending.reply),
    ...(queueId === undefined ? {} : { queueId }),
  };
}

function replyCodes(reply: Ending['reply']): Pick<Outcome, 'code' | 'enhanced'> {
  if (!reply) return {};
  return reply.enhanced === undefined ? { code: reply.code } : { code: reply.code, enhanced: reply.enhanced };
}
