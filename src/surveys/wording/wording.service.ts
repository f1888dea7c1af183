import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { Invalid, NotFound } from '../../platform/errors.js';
import type { Ending } from '../../engine/definition.js';
import { cleanText } from '../../engine/text.js';
import { SurveyPictures } from '../pictures/survey_pictures.js';
import { stakedSurvey } from '../stakes.js';
import type { Survey } from '../survey.entity.js';
import { editable, LONGEST, reworded, stored, withQuestion } from './wording.js';

/** Changes the words of a draft. What is asked, and what respondents see until the next publishing, stays. */
@Injectable()
export class WordingService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly pictures: SurveyPictures,
  ) {}

  /** @throws {Invalid} by the form's names, {NotFound} for a question that is not there */
  async rewordQuestion(actor: Actor, id: string, questionId: string, texts: Record<string, string>): Promise<Survey> {
    return this.change(actor, id, (survey) => {
      const question = survey.draft.questions[questionId];
      if (question === undefined) {
        throw new NotFound('This question is not in the survey any more.');
      }
      survey.revise(withQuestion(survey.draft, reworded(question, texts)), this.clock.now());
    });
  }

  /** Name, title and description are plain text: they stand in browser tabs and on cards. The end may be HTML. */
  async introduce(
    actor: Actor,
    id: string,
    words: { name: string; title: string; description: string; ending?: string | undefined },
  ): Promise<Survey> {
    const title = cleanText(words.title).replaceAll(/\s+/g, ' ');
    const description = cleanText(words.description);
    mustFit({ title, description, ending: words.ending ?? '' });
    return this.change(actor, id, (survey) => {
      const now = this.clock.now();
      const draft = { ...survey.draft, title, description, ending: endingWith(survey.draft.ending, words.ending) };
      if (description === '') {
        delete (draft as Partial<typeof draft>).description;
      }
      survey.rename(words.name, now);
      survey.revise(draft, now);
    });
  }

  private async change(actor: Actor, id: string, act: (survey: Survey) => void): Promise<Survey> {
    return this.database.inBrand(actor.brandId, async (unit) => {
      const needs = { permission: 'surveys:edit', toChange: true, withDraft: true } as const;
      const { survey } = await stakedSurvey(unit, actor, id, needs);
      act(survey);
      await this.pictures.want(unit, actor.brandId, survey.draft, true);
      return survey;
    });
  }
}

/** Its end with other words, none for the usual ones; an end that leads elsewhere shows none and stays. */
function endingWith(ending: Ending, typed: string | undefined): Ending {
  const isAsBefore = typed === undefined || cleanText(typed) === cleanText(editable(ending.message ?? ''));
  if (isAsBefore || ending.kind === 'redirect') {
    return ending;
  }
  const { message: _before, ...rest } = ending;
  const message = stored(typed);
  return message === '' ? { ...rest, kind: 'default' } : { ...rest, kind: 'message', message };
}

function mustFit({ title, description, ending }: Record<'title' | 'description' | 'ending', string>): void {
  const fields = {
    ...(title === '' ? { title: 'Respondents see this title: give one.' } : {}),
    ...(title.length > 200 ? { title: 'A title may have 200 characters.' } : {}),
    ...(ending.length > LONGEST ? { ending: 'The words at the end may have 20,000 characters.' } : {}),
    ...(description.length > 1000 ? { description: 'A description may have 1,000 characters.' } : {}),
  };
  const [message] = Object.values(fields);
  if (message !== undefined) {
    throw new Invalid(message, fields);
  }
}
