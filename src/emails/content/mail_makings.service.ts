import { Injectable } from '@nestjs/common';
import { ContactListsService } from '../../contacts/lists/contact_lists.service.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Unit } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';
import { isAnonymized } from '../../surveys/survey.entity.js';
import { type SurveyDoor, SurveysService } from '../../surveys/surveys.service.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { type InlineRefusal, inlineQuestionOf } from './inline_question.js';
import type { MailContent } from './mail_content.entity.js';
import { holdsInlineQuestion } from './mail_placeholders.js';
import type { MailSurroundings } from './mail_template.js';
import { allVersions, type Versioned } from './mail_versions.js';

/** What decides what a mail is made with. */
export type MadeFrom = Versioned &
  Pick<MailContent, 'countsOpens'> &
  Pick<Distribution, 'brandId' | 'surveyId' | 'linkType'>;

/** What a distribution's mails are made with, by version, and why the survey's first question can't be in them. */
export interface Makings {
  around: (version: string) => MailSurroundings;
  refusal: InlineRefusal | undefined;
}

type FirstQuestions = (language: string) => ReturnType<typeof inlineQuestionOf> | undefined;

/** Brings together what mails need beside their words: the brand's look, the survey's first question. */
@Injectable()
export class MailMakings {
  constructor(
    private readonly database: Database,
    private readonly surveys: SurveysService,
    private readonly lists: ContactListsService,
    private readonly clock: Clock,
  ) {}

  of(mail: MadeFrom): Promise<Makings> {
    return this.database.inBrand(mail.brandId, (unit) => this.ofIn(unit, mail));
  }

  /** As `of`, in a unit that is open. */
  async ofIn(unit: Unit, mail: MadeFrom): Promise<Makings> {
    const [brand] = await unit.sql<{ brandName: string; accent: string; postalAddress: string }>(
      'SELECT name AS "brandName", accent, postal_address AS "postalAddress" FROM brands WHERE id = $1',
      [mail.brandId],
    );
    const { postalAddress = '', ...dress } = brand ?? { brandName: '', accent: '#4f46e5' };
    const door = await this.doorOf(unit, mail);
    const question = await this.firstQuestions(unit, mail, door);
    const refusal = question(mail.language);
    return {
      refusal: typeof refusal === 'string' ? refusal : undefined,
      around: (version) => {
        const inline = question(version === '' ? mail.language : version);
        return {
          dress,
          postalAddress,
          inline: typeof inline === 'string' ? undefined : inline,
          tellsOpening: tellsOpening(mail, door),
        };
      },
    };
  }

  /** As recipients know the list that a distribution goes to; undefined where it goes to none. */
  async listNameOf({ brandId, audience: { listId, contactId } }: Distribution): Promise<string | undefined> {
    return listId === null || contactId !== null ? undefined : this.lists.publicNameOf(brandId, listId);
  }

  /** Undefined for a survey that is gone. */
  private async doorOf(unit: Unit, { brandId, surveyId }: MadeFrom): Promise<SurveyDoor | undefined> {
    try {
      return await this.surveys.doorOfIn(unit, brandId, surveyId, this.clock.now());
    } catch (error) {
      if (!(error instanceof NotFound)) {
        throw error;
      }
      return undefined;
    }
  }

  private async firstQuestions(unit: Unit, mail: MadeFrom, door: SurveyDoor | undefined): Promise<FirstQuestions> {
    const asks = allVersions(mail).some(([, { bodyHtml, bodyText }]) => holdsInlineQuestion(bodyHtml + bodyText));
    if (!asks) {
      return () => undefined;
    }
    if (door?.versionId === undefined) {
      return () => 'unpublished';
    }
    const definition = await this.surveys.definitionOfIn(unit, mail.brandId, door.versionId);
    return (language) => inlineQuestionOf(definition, language);
  }
}

/** Only of links that are somebody's own, and never where answers are to be nobody's. */
function tellsOpening({ countsOpens, linkType }: MadeFrom, door: SurveyDoor | undefined): boolean {
  return countsOpens && linkType !== 'Anonymous' && door !== undefined && !isAnonymized(door.survey.options);
}
