import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { Invalid, NotFound, WrongState } from '../../platform/errors.js';
import type { Composition } from '../../ledger/composition.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { DistributionsService } from '../../distributions/distributions.service.js';
import { FoundDistributions } from '../../ledger/found_distributions.service.js';
import { FollowUpsService } from '../../distributions/follow_ups/follow_ups.service.js';
import { Compositions } from './compositions.js';
import type { Written } from './compositions.forms.js';
import { begunDraft, type DrawnForm, mustBeNewest } from './drawn_form.js';

/** Drafts that are kept while they are written, whatever stands in the form by then. Nothing scheduled or sent is touched. */
@Injectable()
export class Autosaves {
  // oxlint-disable-next-line max-params -- up to eight may stand in a constructor
  constructor(
    private readonly database: Database,
    private readonly distributions: DistributionsService,
    private readonly found: FoundDistributions,
    private readonly followUps: FollowUpsService,
    private readonly compositions: Compositions,
    private readonly words: DistributionWords,
  ) {}

  /**
   * @throws {Changed} where another form has written it since; {WrongState} for what is no draft any more;
   * {Invalid} for a new reminder or thank-you that can't be kept like that yet
   */
  keep(actor: Actor, surveyId: string, written: Written, form: DrawnForm): Promise<Distribution> {
    return this.database.inBrand(actor.brandId, (unit) => this.keepIn(unit, actor, surveyId, written, form));
  }

  /** As `keep`, in a unit that is open. */
  async keepIn(unit: Unit, actor: Actor, surveyId: string, written: Written, form: DrawnForm): Promise<Distribution> {
    await this.found.mustMaySendIn(unit, actor, surveyId);
    const composition = await this.composed(unit, actor, written);
    const begun = await begunDraft(unit, actor, surveyId, form);
    const id = form.draft ?? begun?.id;
    if (id !== undefined) {
      const draft = await this.found.locked(unit, actor, id);
      if (draft.surveyId !== surveyId || draft.channel !== 'email') {
        throw new NotFound(this.words.say('autosave.gone'));
      }
      if (draft.status !== 'draft') {
        throw new WrongState(this.words.say('autosave.scheduled'));
      }
      mustBeNewest(draft, form, this.words.say('autosave.changed'));
    }
    const kept = await this.kept(unit, actor, surveyId, { written, composition }, id);
    kept.writing.revisedBy = form.formKey;
    await unit.flush();
    return kept;
  }

  /** What it becomes, or why it can't be sent like that. */
  private async composed(unit: Unit, actor: Actor, written: Written): Promise<Composition | Invalid> {
    try {
      return await this.compositions.composed(unit, actor, written);
    } catch (error) {
      if (error instanceof Invalid) {
        return error;
      }
      throw error;
    }
  }

  private kept(
    unit: Unit,
    actor: Actor,
    surveyId: string,
    { written, composition }: { written: Written; composition: Composition | Invalid },
    id: string | undefined,
  ): Promise<Distribution> {
    const { following } = written;
    if (composition instanceof Invalid) {
      if (following !== undefined && id === undefined) {
        throw composition;
      }
      return this.distributions.keepTyped(
        unit,
        actor,
        surveyId,
        { typed: written, heading: written.subject ?? '' },
        id,
      );
    }
    return following === undefined
      ? this.distributions.composeIn(unit, actor, surveyId, composition, { id })
      : this.followUps.keep(unit, actor, following, composition, { id });
  }
}
