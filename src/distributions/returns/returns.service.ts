import { Injectable } from '@nestjs/common';
import { ContactsService, suppressIn } from '../../contacts/contacts.service.js';
import { InboundService, type ReadInboundMail } from '../../mailer/inbound/inbound.service.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Live } from '../../platform/web/live.js';
import { OptOutsService } from '../opt_outs/opt_outs.service.js';
import { noteFailures, saysNoDomain } from './address_failures.js';
import { type AlertKind, raiseAlerts } from './alerts.js';
import { countMessages } from './deliverability.sql.js';
import { guard, pauseForSender } from './guard.js';
import {
  isFirstWord,
  markArrived,
  markBounced,
  markComplained,
  type ReturnedMessage,
  returnedMessage,
} from './returns.sql.js';

const BATCH = 100;
const ALERTS: Partial<Record<string, AlertKind>> = { content: 'content', reputation: 'reputation', sender: 'sender' };

/** Parts that folding needs beside its own. */
@Injectable()
export class ReturnsSurroundings {
  constructor(
    readonly contacts: ContactsService,
    readonly optOuts: OptOutsService,
    readonly live: Live,
  ) {}
}

/**
 * Takes what came back over into the ledger. A mail counts once: its event is unique, and everything else happens in the
 * transaction that writes the event.
 */
@Injectable()
export class ReturnsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly inbound: InboundService,
    private readonly surroundings: ReturnsSurroundings,
  ) {}

  async fold(brandId: string): Promise<void> {
    while ((await this.database.inBrand(brandId, (unit) => this.foldSome(unit, brandId))) === BATCH) {
      // The next batch is a transaction of its own.
    }
  }

  private async foldSome(unit: Unit, brandId: string): Promise<number> {
    const mails = await this.inbound.takeRead(unit, BATCH);
    const touched = new Map<string, ReturnedMessage>();
    for (const mail of mails) {
      const message = mail.messageId === null ? undefined : await returnedMessage(unit, mail.messageId);
      const isNew = message !== undefined && (await isFirstWord(unit, brandId, message.id, mail));
      if (isNew) {
        await this.take(unit, brandId, mail, message);
        touched.set(message.distributionId, message);
      }
      await this.inbound.settle(unit, mail.id, isNew && mail.kind === 'reply' && !mail.findings.isFromMachine);
    }
    await this.lookAt(unit, [...touched.values()]);
    return mails.length;
  }

  private async take(unit: Unit, brandId: string, mail: ReadInboundMail, message: ReturnedMessage): Promise<void> {
    switch (mail.kind) {
      case 'bounce':
        return this.takeBounce(unit, brandId, mail, message);
      case 'complaint':
        await markArrived(unit, message.id, mail.receivedAt);
        return this.takeComplaint(unit, brandId, mail, message);
      case 'unsubscribe':
        await markArrived(unit, message.id, mail.receivedAt);
        return this.surroundings.optOuts.byMail(brandId, message.id);
      case 'auto_reply':
      case 'reply':
      case 'not_spam':
        return markArrived(unit, message.id, mail.receivedAt);
      case 'delay':
      case 'notice':
        return undefined; // only its event
      default:
        throw new TypeError(`There is no kind ${String(mail.kind satisfies never)}`);
    }
  }

  private async takeBounce(
    unit: Unit,
    brandId: string,
    mail: ReadInboundMail,
    message: ReturnedMessage,
  ): Promise<void> {
    const { verdict, evidence } = mail.findings;
    if (verdict?.bounce === undefined || verdict.bounce === null) {
      return; // nobody understands it: it is kept and shown, and changes nothing
    }
    const now = this.clock.now();
    const isFirst = await markBounced(unit, message.id, verdict.bounce, mail);
    if (isFirst) {
      await countMessages(unit, { brandId, ids: [message.id], name: `bounced_${verdict.bounce}`, now });
    }
    await noteFailures(unit, {
      brandId,
      failures: [{ messageId: message.id, verdict, evidence, hasNoDomain: saysNoDomain(evidence) }],
      now,
    });
    const kind = ALERTS[verdict.class];
    if (kind === 'sender') {
      await pauseForSender(unit, { distributionId: message.distributionId, evidence, now });
    }
    if (kind !== undefined) {
      await raiseAlerts(unit, { brandId, distributionId: message.distributionId, now }, [{ kind, words: evidence }]);
    }
  }

  /** Whoever calls a mail spam gets no more of the brand, and no mail that says so. */
  private async takeComplaint(
    unit: Unit,
    brandId: string,
    mail: ReadInboundMail,
    message: ReturnedMessage,
  ): Promise<void> {
    const { id, address, contactId } = message;
    const at = mail.receivedAt;
    if (await markComplained(unit, id, at)) {
      await countMessages(unit, { brandId, ids: [id], name: 'complained', now: this.clock.now() });
    }
    if (contactId !== null) {
      await this.surroundings.contacts.optOut(brandId, {
        contactId,
        listId: null,
        level: 'brand',
        by: 'complaint',
        at,
      });
    }
    if (address !== '') {
      await suppressIn(unit, brandId, {
        address,
        reason: 'complaint',
        evidence: mail.findings.evidence,
        at,
        messageId: id,
      });
    }
  }

  /** Open pages hear of it, and what goes wrong too often is stopped. */
  private async lookAt(unit: Unit, messages: readonly ReturnedMessage[]): Promise<void> {
    for (const { distributionId, surveyId } of messages) {
      await guard(unit, distributionId, this.clock.now());
      await this.surroundings.live.changed(unit, `distribution:${distributionId}`);
      await this.surroundings.live.changed(unit, `survey:${surveyId}`);
    }
  }
}
