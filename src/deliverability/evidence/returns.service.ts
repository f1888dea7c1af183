import { tellOf } from '../../ledger/live/distribution.topics.js';
import { Injectable } from '@nestjs/common';
import { suppressIn } from '../../contacts/contacts.service.js';
import { WishesService } from '../../contacts/wishes.service.js';
import { InboundService } from '../../inbound/inbound.service.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { replyWords } from '../../platform/foreign/foreign_words.js';
import { OptOutsService } from '../../emails/opt_outs/opt_outs.service.js';
import { noteFailures } from './address_failures.js';
import { type AlertKind, raiseAlerts } from '../../ledger/alerts.js';
import { markArrived, markBounced, markComplained } from '../../ledger/events.sql.js';
import { countMessages } from '../deliverability.sql.js';
import { noteEvidence } from './evidence.sql.js';
import { guard } from './guard.js';
import { isFirstWord, reportOf, type ReturnedMessage, returnedMessage, type Weighed } from './returns.sql.js';
import { bounceOf, weighed } from './weighing.js';

const BATCH = 100;
const ALERTS: Partial<Record<string, AlertKind>> = { content: 'content', reputation: 'reputation', sender: 'sender' };

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
    private readonly wishes: WishesService,
    private readonly optOuts: OptOutsService,
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
      const told = message === undefined ? undefined : weighed(mail, message);
      const isNew = told !== undefined && (await isFirstWord(unit, brandId, message!.id, told));
      if (isNew) {
        await this.take(unit, brandId, told, message!);
        touched.set(message!.distributionId, message!);
      }
      await this.inbound.settle(unit, mail.id, isNew && mail.kind === 'reply' && !mail.findings.isFromMachine);
    }
    await this.lookAt(unit, [...touched.values()]);
    return mails.length;
  }

  private async take(unit: Unit, brandId: string, mail: Weighed, message: ReturnedMessage): Promise<void> {
    switch (mail.kind) {
      case 'bounce':
        return this.takeBounce(unit, brandId, mail, message);
      case 'complaint':
        await markArrived(unit, message.id, mail.receivedAt);
        return this.takeComplaint(unit, brandId, mail, message);
      case 'unsubscribe':
        await markArrived(unit, message.id, mail.receivedAt);
        return this.optOuts.byMail(unit, message.id);
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

  private async takeBounce(unit: Unit, brandId: string, mail: Weighed, message: ReturnedMessage): Promise<void> {
    const bounce = bounceOf(mail);
    if (bounce === undefined) {
      return; // it is kept and shown
    }
    const { type, verdict, isOurs } = bounce;
    const evidence = replyWords({ ...mail.findings, text: mail.findings.evidence });
    const now = this.clock.now();
    if (await markBounced(unit, message.id, reportOf(mail, type))) {
      await countMessages(unit, { brandId, ids: [message.id], name: `bounced_${type}`, now });
    }
    const failure = { messageId: message.id, verdict, evidence };
    await noteFailures(unit, { brandId, failures: [failure], now });
    const kind = isOurs ? ALERTS[verdict.class] : undefined;
    if (kind !== undefined) {
      await this.takeJudgement(unit, brandId, { kind, evidence }, message);
    }
  }

  /** What is held against the mail or its sender; one recipient's word is shown, and several recipients' pause. */
  private async takeJudgement(
    unit: Unit,
    brandId: string,
    { kind, evidence }: { kind: AlertKind; evidence: string },
    { id, distributionId, domain }: ReturnedMessage,
  ): Promise<void> {
    const now = this.clock.now();
    const first = await noteEvidence(unit, { kind, ids: [id], source: 'report', now });
    if (first.length > 0) {
      await raiseAlerts(unit, { brandId, distributionId, now }, [{ kind, words: evidence, saidBy: `@${domain}` }]);
    }
  }

  /**
   * Whoever calls a mail spam gets no more of the brand, and no mail that says so. It counts only about a mail that left,
   * and from its recipient.
   */
  private async takeComplaint(unit: Unit, brandId: string, mail: Weighed, message: ReturnedMessage): Promise<void> {
    const { id, address, contactId } = message;
    const at = mail.receivedAt;
    const known = { contactId, address, hash: message.addressHash };
    await this.wishes.keep(unit, brandId, { ...known, listId: null, by: 'complaint', at, messageId: id });
    if (mail.note !== undefined) {
      return;
    }
    if (await markComplained(unit, id, at)) {
      await countMessages(unit, { brandId, ids: [id], name: 'complained', now: this.clock.now() });
      await noteEvidence(unit, { kind: 'complaint', ids: [id], source: 'report', now: this.clock.now() });
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
      tellOf(unit, { id: distributionId, surveyId });
    }
  }
}
