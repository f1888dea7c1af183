import { Controller, Get, Render } from '@nestjs/common';
import { type Actor, Me } from '../../platform/auth/actor.js';
import { SignedIn } from '../../platform/auth/guard.js';
import { addresses } from '../../platform/web/addresses.js';
import { Id } from '../../platform/web/id_param.js';
import { ReportPages } from './report_pages.js';
import { SurveyWords } from '../survey_words.js';
import { SurveysService } from '../surveys.service.js';

/** The import report that stays with a survey. */
@Controller('surveys/:id/report')
@SignedIn()
export class SurveyReportsController {
  constructor(
    private readonly surveys: SurveysService,
    private readonly reports: ReportPages,
    private readonly words: SurveyWords,
  ) {}

  @Get()
  @Render('surveys/report')
  async show(@Me() actor: Actor, @Id('SV') id: string): Promise<object> {
    const { survey, stake } = await this.surveys.mustFindWithDraft(actor, id);
    const title = this.words.say('report.title');
    return {
      title: `${title} · ${survey.name}`,
      crumbs: this.words.crumbs(survey, title),
      header: await this.surveys.headerFor(actor, survey, stake, 'outline'),
      head: { title, lead: this.words.say('report.lead'), isSection: true },
      report: await this.reports.kept(actor, survey),
      backUrl: addresses.surveys.page(this.words.shown(survey.id)),
    };
  }

  /** The lines alone, while pictures are being fetched. */
  @Get('lines')
  @Render('surveys/_report')
  async lines(@Me() actor: Actor, @Id('SV') id: string): Promise<object> {
    const { survey } = await this.surveys.mustFindWithDraft(actor, id);
    return this.reports.kept(actor, survey);
  }
}
