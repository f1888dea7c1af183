import { Injectable } from '@nestjs/common';
import { Audiences } from '../../audiences/audiences.service.js';
import { writtenSample } from '../../audiences/sample.js';
import { BrandsService } from '../../brands/brands.service.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { FoundDistributions } from '../../ledger/found_distributions.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { ComposeForm } from './compose_form.js';
import type { ReviewModel } from './compose_steps.js';
import { Compositions } from './compositions.js';
import { addressAt } from './from_menu.js';

/** The page on which a mail is written, by what its form begins with. */
@Injectable()
export class ComposePages {
  constructor(
    private readonly distributions: FoundDistributions,
    private readonly words: DistributionWords,
    private readonly compositions: Compositions,
    private readonly brands: BrandsService,
    private readonly people: Audiences,
    private readonly form: ComposeForm,
  ) {}

  /** A new mail, or one like another. @param to public id of the people it is for, where they are known already */
  async fresh(actor: Actor, surveyId: string, copy: Distribution | undefined, to = ''): Promise<object> {
    const { survey } = await this.distributions.mustMaySend(actor, surveyId);
    const brand = await this.brands.of(actor.brandId);
    const written =
      copy === undefined ? await this.compositions.fresh(actor, survey, brand) : this.compositions.copied(actor, copy);
    if (to === '') {
      return this.form.draw(actor, surveyId, written);
    }
    // People who can't be chosen are nobody: never all those that a copied mail went to. And they are all meant.
    const isKnown = (await this.people.chosen(actor, to)) !== undefined;
    return this.form.draw(actor, surveyId, { ...written, ...writtenSample(null), list: isKnown ? to : '' });
  }

  /** A new reminder or thank-you below an invitation. */
  async following(
    actor: Actor,
    invitation: Distribution,
    about: { kind: 'Reminder' | 'ThankYou'; hasReminder: boolean },
  ): Promise<object> {
    const { survey } = await this.distributions.mustMaySend(actor, invitation.surveyId);
    const brand = await this.brands.of(actor.brandId);
    return this.form.draw(
      actor,
      survey.id,
      this.compositions.following(actor, invitation, { ...about, survey, brand }),
    );
  }

  /**
   * @param about a review is shown below the form, whose steps are closed then; a From domain that was added meanwhile is
   * chosen
   */
  edit(
    actor: Actor,
    distribution: Distribution,
    { review, fromDomain }: { review?: ReviewModel; fromDomain?: string | undefined } = {},
  ): Promise<object> {
    const written = this.compositions.written(actor, distribution);
    if (fromDomain === undefined) {
      return this.form.draw(actor, distribution.surveyId, written, { distribution, review });
    }
    const fromNotice = this.words.say('detour.fromDomain', { domain: fromDomain });
    const moved = { ...written, fromEmail: addressAt(fromDomain, written.fromEmail) };
    return this.form.draw(actor, distribution.surveyId, moved, { distribution, fromNotice });
  }
}
