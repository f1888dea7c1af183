import { Injectable, Logger } from '@nestjs/common';
import { ContactListsService } from '../contacts/lists/contact_lists.service.js';
import { DirectoryService } from '../contacts/directory.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/db/database.js';
import { SurveysService } from '../surveys/surveys.service.js';
import { demoPeople } from './demo_people.js';
import { answer } from './demo_respondent.js';
import { DemoSending } from './demo_sending.js';
import { demoSurvey } from './demo_survey.js';

/** Fills an empty installation with a survey, forty contacts, a sent distribution and answers, all through the real parts. */
@Injectable()
export class Demo {
  private readonly log = new Logger(Demo.name);

  constructor(
    private readonly database: Database,
    private readonly surveys: SurveysService,
    private readonly directory: DirectoryService,
    private readonly lists: ContactListsService,
    private readonly sending: DemoSending,
  ) {}

  /**
   * @param brandId whose demo it is; its first administrator owns everything
   * @param baseUrl where this very process answers, on loopback
   */
  async fill(brandId: string, userId: string, baseUrl: string): Promise<void> {
    try {
      const actor = await this.sending.actor(brandId, userId);
      const survey = await this.surveys.create(actor, { name: 'Onboarding pulse', definition: demoSurvey() });
      await this.surveys.activate(actor, survey.id);
      const list = await this.lists.create(actor, 'New colleagues, autumn');
      for (const person of demoPeople()) {
        await this.directory.add(actor, person, list.id);
      }
      const distributionId = await this.sending.send(actor, survey.id, list);
      await this.answers(actor, { surveyId: survey.id, distributionId, baseUrl });
    } catch (error) {
      this.log.warn(`The demo data could not be completed: ${String(error)}`);
    }
  }

  private async answers(
    actor: Actor,
    about: { surveyId: string; distributionId: string; baseUrl: string },
  ): Promise<void> {
    const links = await this.database.inBrand(actor.brandId, (unit) =>
      unit.sql<{ id: string }>('SELECT id FROM links WHERE distribution_id = $1 ORDER BY id', [about.distributionId]),
    );
    const addresses = this.sending.addresses(
      about.surveyId,
      links.map(({ id }) => id),
      about.baseUrl,
    );
    for (const [person, address] of addresses.individual.slice(0, 23).entries()) {
      await answer(address, person, person % 6 === 5 ? 1 : undefined);
    }
    for (let visitor = 0; visitor < 7; visitor += 1) {
      await answer(addresses.anonymous, visitor + 3, visitor === 4 ? 1 : undefined);
    }
  }
}
