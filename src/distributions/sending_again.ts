import { Injectable } from '@nestjs/common';
import { may } from '../brands/access.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { WishesService } from '../contacts/wishes.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { WrongState } from '../platform/errors.js';
import { Ids } from '../platform/ids.js';
import type { Distribution } from '../ledger/distribution.entity.js';
import { DistributionWords } from '../ledger/distribution_words.js';
import { SteeringService } from './steering.service.js';
import { addresses, asking } from '../platform/web/addresses.js';
import { hasEnded } from '../ledger/recipients/link_state.js';
import type { RecipientRow } from '../ledger/recipients/recipients.sql.js';

/** One more try of a mail that has none left, or a new mail with the same words to this person alone. */
export type Way = 'retry' | 'resend' | 'anew';

/** Why this person gets nothing more of it; a key of `message.again.refused`. */
export type Refusal =
  | 'underway'
  | 'waiting'
  | 'optedOut'
  | 'finished'
  | 'turnedAway'
  | 'suppressed'
  | 'erased'
  | 'unseen';

/** Once more to one recipient, where their wishes and what is known of their address allow it. */
@Injectable()
export class SendingAgain {
  constructor(
    private readonly contacts: ContactsService,
    private readonly wishes: WishesService,
    private readonly steering: SteeringService,
    private readonly ids: Ids,
    private readonly words: DistributionWords,
  ) {}

  async wayFor(actor: Actor, distribution: Distribution, row: RecipientRow): Promise<Way | { refused: Refusal }> {
    const refused = await this.refusalFor(actor, distribution, row);
    if (refused !== undefined) {
      return { refused };
    }
    if (row.state === 'failed' && distribution.canRetryFailed) {
      return 'retry';
    }
    if (row.state === 'uncertain' && row.reason === 'unconfirmed_twice' && distribution.canRetryFailed) {
      return 'resend';
    }
    return may(actor, 'contacts:view') ? 'anew' : { refused: 'unseen' };
  }

  /**
   * Queues the mail once more, under the ledger's rules and the weekly limit.
   * @returns what was done
   * @throws {WrongState} with the reason why this person gets it no more, or EQD03/EQD04
   */
  async send(actor: Actor, distribution: Distribution, row: RecipientRow): Promise<string> {
    const way = await this.wayFor(actor, distribution, row);
    switch (way) {
      case 'retry':
        return this.words.counted('done.retry', await this.steering.retryFailed(actor, distribution.id, row.id));
      case 'resend':
        return this.words.counted('done.resend', await this.steering.resendUncertain(actor, distribution.id, row.id));
      case 'anew':
        throw new WrongState(this.words.say('message.again.done'));
      default:
        throw new WrongState(this.words.say(`message.again.refused.${way.refused}`));
    }
  }

  /** The form of a new mail with these words, to this person alone. */
  newMailUrl(distribution: Distribution, { contactId }: RecipientRow): string {
    const query = { copy: this.words.shown(distribution), to: this.ids.show('CID', contactId ?? '0') };
    return asking(addresses.mails.new(this.words.shownSurvey(distribution.surveyId)), query);
  }

  private async refusalFor(
    { brandId }: Actor,
    { skipFinished, audience: { listId } }: Distribution,
    row: RecipientRow,
  ): Promise<Refusal | undefined> {
    const { contactId, contactEmail, state, resendAt } = row;
    if (contactId === null || contactEmail === null) {
      return 'erased';
    }
    if (isUnderWay(state)) {
      return 'underway';
    }
    if (state === 'uncertain' && resendAt !== null) {
      return 'waiting';
    }
    return skipFinished && hasEnded(row)
      ? endedAs(row)
      : this.unwanted(brandId, { contactId, address: contactEmail, listId });
  }

  /** What the person, or what came back, says about any further mail. */
  private async unwanted(
    brandId: string,
    { contactId, address, listId }: { contactId: string; address: string; listId: string | null },
  ): Promise<Refusal | undefined> {
    const wish = await this.wishes.statusOf(brandId, { contactId, address, hash: null }, listId);
    if (wish.brandOptedOutAt !== null || wish.listOptedOutAt !== null) {
      return 'optedOut';
    }
    const suppression = await this.contacts.suppressionOf(brandId, address, this.words.now());
    return suppression === undefined ? undefined : 'suppressed';
  }
}

function endedAs({ finishedAt }: RecipientRow): Refusal {
  return finishedAt === null ? 'turnedAway' : 'finished';
}

/** Whether this mail is still to be sent, or being sent. */
export function isUnderWay(state: RecipientRow['state']): boolean {
  return state === 'planned' || state === 'queued' || state === 'leased' || state === 'wire';
}
