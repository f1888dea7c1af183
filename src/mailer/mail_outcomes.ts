import type { RelayDown } from './connection.js';
import { NotSigned } from './mime/dkim.js';
import type { MailDetail, MailOutcome } from './mail_outcome.js';
import { MailRefused } from './mail_refused.js';
import { queueIdIn } from './reply.js';
import type { Ending, Session } from './session.js';
import type { Unreachable } from './way.js';

/** Why a mail could not be put together. What is no mail will never be one; a key may be there again later. */
export function notComposed(messageId: string, error: unknown): MailOutcome {
  if (error instanceof MailRefused) {
    return { messageId, status: 'refused', text: error.message, detail: { phase: 'compose' } };
  }
  if (error instanceof NotSigned) {
    return { messageId, status: 'not_sent', text: error.message, detail: { phase: 'compose', isUnsigned: true } };
  }
  throw error;
}

/** Every way is closed; the words name each, and each once. */
export function notTried(messageId: string, downs: readonly RelayDown[]): MailOutcome {
  const [first] = downs;
  const told = new Map(downs.map(({ host, message }) => [host, message.replace(` ${host}`, '')]));
  const text = told.size === 1 ? [...told.values()] : [...told].map(([host, message]) => `${host}: ${message}`);
  return {
    messageId,
    status: 'not_sent',
    text: downs.length === 0 ? 'There is no way out for this mail' : text.join('; '),
    host: [...told.keys()].join(', '),
    detail: { phase: 'connect', isRelayDown: true, ...replyCodes(first?.reply) },
  };
}

export function unreachable(messageId: string, { message, status, code, enhanced, host }: Unreachable): MailOutcome {
  return {
    messageId,
    status,
    text: message,
    ...(host === undefined ? {} : { host }),
    detail: { phase: 'connect', code, enhanced },
  };
}

/** It gave way: no try, no words. */
export function putOff(messageId: string, retryAfterMs: number): MailOutcome {
  const detail: MailDetail = { phase: 'connect', isPutOff: true };
  return { messageId, status: 'not_sent', text: 'Waits for its turn', retryAfterMs, detail };
}

export function outcomeOf(messageId: string, ending: Ending, { peer }: Session): MailOutcome {
  const queueId = ending.status === 'accepted' ? queueIdIn(ending.text) : undefined;
  const { host, ...reached } = peer;
  return {
    messageId,
    status: ending.status,
    text: ending.text,
    host,
    detail: {
      phase: ending.phase,
      ...reached,
      ...replyCodes(ending.reply),
      ...(queueId === undefined ? {} : { queueId }),
    },
  };
}

function replyCodes(reply: Ending['reply']): Pick<MailDetail, 'code' | 'enhanced'> {
  if (!reply) return {};
  return reply.enhanced === undefined ? { code: reply.code } : { code: reply.code, enhanced: reply.enhanced };
}
