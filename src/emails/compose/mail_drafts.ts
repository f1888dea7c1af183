import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { WrongState } from '../../platform/errors.js';
import { isToMember } from '../../ledger/composition.js';
import { begunDraft, type DrawnForm, leftBy, mustBeNewest } from './drawn_form.js';
import { Compositions } from './compositions.js';
import type { Written } from './compositions.forms.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { DistributionsService } from '../../distributions/distributions.service.js';
import { FoundDistributions } from '../../ledger/found_distributions.service.js';
import { afterWordsWithin } from '../../distributions/follow_ups/following_words.js';
import { FollowUpsService } from '../../distributions/follow_ups/follow_ups.service.js';
import { writtenKey, writtenOnce } from './written_once.js';
import { TestMails, type TestNews } from './test_mails.js';

/** A draft after it was kept, with what there is to tell about it. */
export interface Kept {
  distribution: Distribution;
  news: TestNews[];
}

interface KeepWish {
  testTo: string | undefined;
  sample?: string;
  /** The same form of a new mail sent twice is one draft; one that others overtook is refused. */
  drawn: DrawnForm;
  /** Makes a draft of what is scheduled. */
  offSchedule?: boolean;
}

/** Mails that are being written: kept, and tried out where that was asked for. */
@Injectable()
export class MailDrafts {
  constructor(
    private readonly database: Database,
    private readonly distributions: DistributionsService,
    private readonly followUps: FollowUpsService,
    private readonly found: FoundDistributions,
    private readonly compositions: Compositions,
    private readonly tests: TestMails,
    private readonly words: DistributionWords,
  ) {}

  /** @throws {WrongState} for a mail that is planned, or that pages can't write */
  mustBeEditable(distribution: Distribution): void {
    const { status } = distribution;
    if ((status !== 'draft' && status !== 'scheduled') || isToMember(distribution)) {
      throw new WrongState(this.words.say('form.locked'));
    }
  }

  /** @throws {Invalid} with one message per field; {LimitReached} for more tests than one person sends within an hour */
  async keep(
    actor: Actor,
    surveyId: string,
    written: Written,
    { testTo, sample = '', drawn, offSchedule = false }: KeepWish,
  ): Promise<Kept> {
    const addresses = testTo === undefined ? undefined : this.tests.addressesIn(testTo);
    const composition = await this.database.inBrand(actor.brandId, (unit) =>
      this.compositions.composed(unit, actor, written),
    );
    this.tests.mustBeLeft(actor, addresses?.length ?? 0);
    const { following } = written;
    const distribution = await this.database.inBrand(actor.brandId, async (unit) => {
      const kept = { id: await this.known(unit, { actor, surveyId }, drawn), offSchedule };
      const key = kept.id === undefined ? writtenKey(drawn.formKey, written) : undefined;
      const draft = await writtenOnce(unit, key, () =>
        following === undefined
          ? this.distributions.composeIn(unit, actor, surveyId, composition, kept)
          : this.followUps.keep(unit, actor, following, composition, kept),
      );
      draft.writing.revisedBy = leftBy(drawn.formKey);
      return draft;
    });
    if (addresses !== undefined) {
      return { distribution, news: await this.tests.send(actor, distribution, addresses, sample) };
    }
    return { distribution, news: [{ kind: 'success', text: this.savedWords(actor, distribution) }] };
  }

  /** The draft of the form, locked, where it has one. @throws {Changed} where another form has written it since */
  private async known(
    unit: Unit,
    { actor, surveyId }: { actor: Actor; surveyId: string },
    drawn: DrawnForm,
  ): Promise<string | undefined> {
    const id = drawn.draft ?? (await begunDraft(unit, actor, surveyId, drawn))?.id;
    if (id !== undefined && drawn.draft !== undefined) {
      const draft = await this.found.locked(unit, actor, id);
      mustBeNewest(draft, drawn, this.words.say('autosave.changed'));
    }
    return id;
  }

  private savedWords(actor: Actor, distribution: Distribution): string {
    const { words } = this;
    const { status, sendAt, waitsForAnother } = distribution;
    if (status !== 'scheduled') {
      return words.say('form.saved');
    }
    return waitsForAnother || sendAt === null
      ? words.say('form.savedWaiting', { when: afterWordsWithin(distribution, words) })
      : words.say('form.savedScheduled', { at: words.exact(actor, sendAt) });
  }
}
