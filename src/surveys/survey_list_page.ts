import { Injectable } from '@nestjs/common';
import type { Actor } from '../platform/auth/actor.js';
import { addresses, asking } from '../platform/web/addresses.js';
import { stagePill } from './stages/stage_pill.js';
import type { ListedSurvey } from './survey_list.js';
import { SurveyWords } from './survey_words.js';
import { SurveysService } from './surveys.service.js';

const PAGE = 50;

/** What is asked of the list: part of a name, whose surveys, and where to go on. */
export interface ListWish {
  search: string;
  scope: 'mine' | 'brand';
  after?: string | undefined;
}

/** The list of surveys as a model of its template. */
@Injectable()
export class SurveyListPage {
  constructor(
    private readonly surveys: SurveysService,
    private readonly words: SurveyWords,
  ) {}

  async show(actor: Actor, wish: ListWish): Promise<object> {
    const { say } = this.words;
    const search = wish.search.trim();
    const isAdministrator = actor.permissions.has('brand:admin');
    const scope = isAdministrator ? wish.scope : 'mine';
    const after = this.place(wish);
    const rows = await this.surveys.list(actor, { size: PAGE, search, scope, after });
    const shown = rows.slice(0, PAGE);
    const last = rows.length > PAGE ? shown.at(-1) : undefined;
    const isFirstVisit = rows.length === 0 && search === '' && after === undefined;
    const canCreate = actor.permissions.has('surveys:create');
    return {
      title: say('title'),
      head: this.head(scope, canCreate && !isFirstVisit),
      surveys: shown.map((survey) => this.row(actor, survey)),
      filter: isFirstVisit ? undefined : this.filter(search, scope),
      scopes: isAdministrator ? this.scopes(search, scope) : undefined,
      empty: shown.length > 0 ? undefined : this.empty(search, scope, canCreate),
      pages: {
        rows: 'surveys',
        shown: this.shownWords(shown.length, { isFirst: after === undefined, isLast: last === undefined }),
        moreUrl: last === undefined ? undefined : address({ search, scope, after: this.words.shown(last.id) }),
      },
    };
  }

  private place({ after }: ListWish): string | undefined {
    return after === undefined || after === '' ? undefined : this.words.idOf(after);
  }

  private head(scope: string, canCreate: boolean): object {
    const { say } = this.words;
    return {
      title: say('title'),
      lead: say(scope === 'brand' ? 'list.leadBrand' : 'list.lead'),
      actions: canCreate
        ? [{ href: addresses.surveys.new(), text: say('list.import'), icon: 'import', isPrimary: true }]
        : [],
    };
  }

  private row(actor: Actor, survey: ListedSurvey): object {
    return {
      name: survey.name,
      url: addresses.surveys.page(this.words.shown(survey.id)),
      stage: stagePill(this.words.say, survey, this.words.now()),
      modified: this.words.when(actor, survey.modifiedAt),
      owner: survey.ownerId === actor.userId ? this.words.say('list.you') : survey.ownerName,
    };
  }

  private filter(search: string, scope: string): object {
    const { say } = this.words;
    return {
      action: addresses.surveys.list(),
      name: 'search',
      value: search,
      label: say('list.search'),
      button: say('list.find'),
      keep: scope === 'mine' ? [] : [{ name: 'scope', value: scope }],
    };
  }

  private scopes(search: string, current: string): object {
    const item = (scope: 'mine' | 'brand'): object => ({
      href: address({ search, scope }),
      text: this.words.say(`list.${scope}`),
      isCurrent: scope === current,
    });
    return { label: this.words.say('list.scope'), items: [item('mine'), item('brand')] };
  }

  private empty(search: string, scope: 'mine' | 'brand', canCreate: boolean): object {
    const { say } = this.words;
    if (search !== '') {
      return {
        title: say('list.noneTitle', { search }),
        text: say('list.noneText'),
        icon: 'search',
        action: { href: address({ search: '', scope }), text: say('list.clear'), quiet: true },
      };
    }
    return {
      title: say('list.emptyTitle'),
      text: say(canCreate ? 'list.emptyText' : 'list.emptyWithoutText'),
      icon: 'survey',
      ...(canCreate ? { action: { href: addresses.surveys.new(), text: say('list.import'), icon: 'import' } } : {}),
    };
  }

  private shownWords(count: number, { isFirst, isLast }: { isFirst: boolean; isLast: boolean }): string {
    if (!isFirst) {
      return this.words.say('list.shownNext', { count });
    }
    return this.words.say(isLast ? 'list.shown' : 'list.shownMore', { count });
  }
}

function address({ search, scope, after }: ListWish): string {
  return asking(addresses.surveys.list(), { search, scope: scope === 'mine' ? undefined : scope, after });
}
