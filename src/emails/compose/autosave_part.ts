import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { DomainError, Invalid, LimitReached } from '../../platform/errors.js';
import { TokenBuckets } from '../../platform/net/token_buckets.js';
import { addresses } from '../../platform/web/addresses.js';
import { clockTime } from '../../platform/web/moments.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { Autosaves } from './autosaves.service.js';
import type { Pressed, Written } from './compositions.forms.js';
import { Changed, draftState, drawnForm } from './drawn_form.js';
import { statusOf } from './refused_status.js';

/** What an autosave answers: a note beside the form, and what the form says of itself from now on. */
interface Answer {
  status: number;
  model: object;
  /** Where the draft is found from now on. */
  url?: string;
}

/** Of one person: so many at once, and so many again within an hour. Each web process counts for itself. */
const AT_ONCE = 120;
const AUTOSAVES_AN_HOUR = 1200;

/** Keeps what stands in a form and says so in a note; refusals are notes, too: nothing that is typed is disturbed. */
@Injectable()
export class AutosavePart {
  private readonly allowance: TokenBuckets;

  constructor(
    private readonly autosaves: Autosaves,
    private readonly words: DistributionWords,
    clock: Clock,
  ) {
    this.allowance = new TokenBuckets(clock, { burst: AT_ONCE, perSecond: AUTOSAVES_AN_HOUR / 3600 });
  }

  async keep(actor: Actor, surveyId: string, written: Written, pressed: Pressed): Promise<Answer> {
    const { words } = this;
    try {
      this.mustHaveLeft(actor);
      const id = pressed.draft === '' ? undefined : words.idOf(pressed.draft);
      const draft = await this.autosaves.keep(actor, surveyId, written, drawnForm(pressed, id));
      const saved = words.say('autosave.saved', { time: clockTime(words.now(), actor.timeZone) });
      const state = draftState(words.shown(draft), { formKey: pressed.formKey, revision: draft.writing.revision });
      return { status: 200, model: { saved, ...state }, url: addresses.mails.edit(...words.at(draft)) };
    } catch (error) {
      if (!(error instanceof DomainError)) {
        throw error;
      }
      return { status: statusOf(error), model: this.trouble(error, surveyId, pressed) };
    }
  }

  private mustHaveLeft({ brandId, userId }: Actor): void {
    const wait = this.allowance.take(`${brandId} ${userId}`);
    if (wait > 0) {
      throw new LimitReached(this.words.say('autosave.often', { count: wait }), wait);
    }
  }

  private trouble(error: DomainError, surveyId: string, { draft }: Pressed): object {
    if (error instanceof Changed) {
      const reloadUrl = addresses.mails.edit(this.words.shownSurvey(surveyId), draft);
      return { trouble: error.message, isChanged: true, reloadUrl };
    }
    const { say } = this.words;
    return { trouble: error instanceof Invalid ? say('autosave.notYet', { why: error.message }) : error.message };
  }
}
