import { Injectable } from '@nestjs/common';
import { may, type Stake } from '../../brands/access.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Ids } from '../../platform/ids.js';
import { addresses, asking } from '../../platform/web/addresses.js';
import { exactTime } from '../../platform/web/moments.js';
import { Views } from '../../platform/web/views.js';
import { isAnonymized, type Survey } from '../../surveys/survey.entity.js';
import { SurveysService } from '../../surveys/surveys.service.js';
import { DisclosuresService } from '../disclosures.service.js';
import { startExport } from '../exports/export_settings.js';
import { ExportTables } from '../exports/export_tables.js';
import { ExportsService } from '../exports/exports.service.js';
import type { ResponseRow } from '../exports/response_rows.js';
import { COUNT_LIMIT, ResponsesService } from '../responses.service.js';
import { STATUS } from '../sessions/session.js';
import { exportPart, responseDetails, responseLine, type Seen } from '../responses.views.js';

const SIZE = 50;

/** What the pages of responses show. */
@Injectable()
export class ResponsePages {
  private readonly say;

  constructor(
    private readonly responses: ResponsesService,
    private readonly surveys: SurveysService,
    private readonly exports: ExportsService,
    private readonly tables: ExportTables,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly views: Views,
    private readonly disclosures: DisclosuresService,
  ) {
    this.say = views.wordsOf('responses');
  }

  async index(actor: Actor, shownSurvey: string, query: Record<string, string | undefined>): Promise<object> {
    const { ids } = this;
    const surveyId = ids.read('SV', shownSurvey);
    const { survey, stake } = await this.surveys.mustFind(actor, surveyId, 'responses:export');
    const before = query['before'] === undefined ? undefined : ids.read('R', query['before']);
    const rows = await this.responses.list(actor, surveyId, { size: SIZE, before });
    const count = await this.responses.count(actor, surveyId);
    const marked = await this.responses.countMarked(actor, surveyId);
    const seen = this.seen(actor, { survey, stake });
    const shown = rows.slice(0, SIZE);
    const last = shown.at(-1);
    return {
      ...(await this.frame(actor, survey, stake)),
      count,
      countWords: upToLimit(count),
      marked: marked === 0 ? undefined : this.say('guard.count', { count: marked, n: upToLimit(marked) }),
      anonymous: isAnonymized(survey.options),
      withPeople: seen.withPeople,
      rows: shown.map((row) => this.line(shownSurvey, row, seen)),
      exportUrl: addresses.responses.exports(shownSurvey),
      empty: {
        icon: 'responses',
        title: this.say('empty.title'),
        text: this.say('empty.text'),
        action: { href: addresses.distributions.summary(shownSurvey), text: this.say('empty.action'), icon: 'send' },
      },
      pages: {
        rows: 'responses',
        shown: rows.length > SIZE ? '' : this.views.words.t('shared.pages.all'),
        moreUrl:
          rows.length > SIZE && last !== undefined
            ? asking(addresses.responses.list(shownSurvey), { before: ids.show('R', last.id) })
            : undefined,
      },
      export: query['export'] === undefined ? undefined : await this.exportPart(actor, shownSurvey, query['export']),
    };
  }

  async show(actor: Actor, shownSurvey: string, shownResponse: string): Promise<object> {
    const { ids } = this;
    const surveyId = ids.read('SV', shownSurvey);
    const row = await this.responses.mustFind(actor, surveyId, ids.read('R', shownResponse));
    const { survey, stake } = await this.surveys.mustFind(actor, surveyId);
    const seen = this.seen(actor, { survey, stake });
    const settings = { ...startExport.parse({ breakoutSets: false }), withPeople: seen.withPeople, isNeutral: false };
    const table = await this.tables.of(actor.brandId, surveyId, settings, 'people');
    return {
      ...(await this.frame(actor, survey, stake)),
      title: this.say('one', { time: exactTime(row.recordedAt, actor.timeZone) }),
      back: addresses.responses.list(shownSurvey),
      ...responseDetails(row, table.columnsFor(row.versionId), seen),
      guard:
        row.status === STATUS.spam
          ? {
              url: may(actor, 'surveys:edit', stake) ? addresses.responses.unmark(shownSurvey, shownResponse) : '',
            }
          : undefined,
    };
  }

  /** Counts a response after all. @returns where it is shown */
  async unmark(actor: Actor, shownSurvey: string, shownResponse: string): Promise<{ url: string; done: string }> {
    const { ids } = this;
    await this.responses.unmark(actor, ids.read('SV', shownSurvey), ids.read('R', shownResponse));
    return { url: addresses.responses.page(shownSurvey, shownResponse), done: this.say('guard.unmarked') };
  }

  async exportPart(actor: Actor, shownSurvey: string, shownExport: string): Promise<object> {
    const { ids } = this;
    const stored = await this.exports.mustFind(actor, ids.read('SV', shownSurvey), ids.read('ES', shownExport));
    return exportPart(stored, [shownSurvey, shownExport], this.say);
  }

  private line(shownSurvey: string, row: ResponseRow, seen: Seen): object {
    const id = this.ids.show('R', row.id);
    return responseLine(row, { id, url: addresses.responses.page(shownSurvey, id) }, seen);
  }

  private async frame(actor: Actor, survey: Survey, stake: Stake): Promise<object> {
    const id = this.ids.show('SV', survey.id);
    return {
      header: await this.surveys.headerFor(actor, survey, stake, 'responses'),
      crumbs: [
        { href: addresses.surveys.list(), text: this.say('crumbs.surveys') },
        { href: addresses.surveys.page(id), text: survey.name },
        { text: this.say('title') },
      ],
      title: `${this.say('title')} · ${survey.name}`,
    };
  }

  private seen(actor: Actor, found: { survey: Survey; stake: Stake }): Seen {
    return {
      say: this.say,
      timeZone: actor.timeZone,
      now: this.clock.now(),
      withPeople: this.disclosures.towards(actor, found).showsPeople,
    };
  }
}

/** A page never counts a million rows. */
function upToLimit(count: number): string {
  const format = new Intl.NumberFormat('en');
  return count > COUNT_LIMIT ? `${format.format(COUNT_LIMIT)}+` : format.format(count);
}
