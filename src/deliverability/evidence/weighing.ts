import type { ReadInboundMail } from '../../inbound/inbound.service.js';
import { toldAbout } from '../../inbound/reading/told_about.js';
import type { Verdict } from '../../mailer/answers/classify.js';
import type { Note, ReturnedMessage, Weighed } from './returns.sql.js';

const LATEST_MS = 14 * 86_400_000;
/** A message that bounced softly may still bounce hard; nobody needs more than that. */
const MOST_BOUNCES = 3;

/** What a mail that came back may do: whoever got a message can write any report about it, as often as he likes. */
export function weighed(mail: ReadInboundMail, message: ReturnedMessage): Weighed {
  const { kind, findings, about } = toldAbout(mail, message.address);
  const note = noteOn({ ...mail, kind }, message) ?? (about === 'other' ? 'other_address' : undefined);
  return { ...mail, kind, findings, ...(note === undefined ? {} : { note }) };
}

/** What a bounce does to its message and the address; undefined: nobody understands it, or it may change nothing. */
export function bounceOf({
  note,
  findings: { verdict },
}: Weighed): { type: 'hard' | 'soft'; verdict: Verdict; isOurs: boolean } | undefined {
  if (verdict === undefined || verdict.bounce === null) {
    return undefined;
  }
  if (note === undefined) {
    return { type: verdict.bounce, verdict, isOurs: true };
  }
  // Where our address passes a mail on to one that refuses it, it counts as a soft failure and as nothing else.
  const softly = { type: 'soft', verdict: { ...verdict, suppress: 'soft' }, isOurs: false } as const;
  return note === 'other_address' ? softly : undefined;
}

function noteOn({ kind, receivedAt }: ReadInboundMail, message: ReturnedMessage): Note | undefined {
  if (kind !== 'bounce' && kind !== 'complaint') {
    return undefined;
  }
  if (!hasLeft(message)) {
    return 'not_sent';
  }
  return kind === 'bounce' ? noteOnBounce(receivedAt, message) : undefined;
}

function noteOnBounce(receivedAt: Date, { leftAt, bounceType, bounces }: ReturnedMessage): Note | undefined {
  if (leftAt !== null && receivedAt.getTime() - leftAt.getTime() > LATEST_MS) {
    return 'too_late';
  }
  return bounceType === 'hard' || bounces >= MOST_BOUNCES ? 'told_before' : undefined;
}

function hasLeft({ state, resends }: ReturnedMessage): boolean {
  const isOut = state === 'wire' || state === 'accepted' || state === 'uncertain';
  return isOut || (resends > 0 && (state === 'queued' || state === 'leased'));
}
