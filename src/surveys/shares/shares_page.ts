import { Injectable } from '@nestjs/common';
import type { Share } from '../../brands/access.js';
import { PermissionsService } from '../../brands/permissions.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import type { Permission } from '../../platform/auth/permissions.js';
import { Ids } from '../../platform/ids.js';
import { addresses } from '../../platform/web/addresses.js';
import { type Faults, NO_FAULTS } from '../../platform/web/answers.js';
import { type SharedWith, SharesService } from './shares.service.js';
import { SurveyWords } from '../survey_words.js';
import { SurveysService } from '../surveys.service.js';

/** The rights of a share, with the account permission without which a tick does nothing. */
const RIGHTS: [keyof Share, Permission][] = [
  ['canEdit', 'surveys:edit'],
  ['canViewReports', 'responses:export'],
  ['canActivate', 'surveys:activate'],
  ['canCopy', 'surveys:copy'],
  ['canDistribute', 'distributions:access'],
];

/** The sharing page as a model of its template. */
@Injectable()
export class SharesPage {
  constructor(
    private readonly surveys: SurveysService,
    private readonly shares: SharesService,
    private readonly permissions: PermissionsService,
    private readonly words: SurveyWords,
    private readonly ids: Ids,
  ) {}

  async show(actor: Actor, id: string, { errors, fields }: Faults = NO_FAULTS): Promise<object> {
    const { survey, stake } = await this.surveys.mustFind(actor, id);
    const shared = await this.shares.of(actor, id);
    const colleagues = await this.shares.colleagues(actor, id);
    const { say } = this.words;
    const people: object[] = [];
    for (const person of shared) {
      people.push(await this.person(actor, id, person));
    }
    return {
      title: `${say('sharing.title')} · ${survey.name}`,
      crumbs: this.words.crumbs(survey, say('sharing.title')),
      header: await this.surveys.headerFor(actor, survey, stake, 'outline'),
      head: { title: say('sharing.title'), lead: say('sharing.lead', { name: stake.ownerName }), isSection: true },
      errors,
      people,
      add: {
        action: addresses.surveys.sharing(this.words.shown(id)),
        person: {
          name: 'person',
          label: say('sharing.person'),
          required: true,
          error: fields['person'],
          value: '',
          options: [
            { value: '', label: say('sharing.choose'), selected: true },
            ...colleagues.map((one) => ({
              value: this.ids.show('UR', one.userId),
              label: `${one.name} – ${one.email}`,
            })),
          ],
        },
        rights: this.ticks(undefined),
      },
      nobody: colleagues.length === 0,
    };
  }

  private async person(actor: Actor, surveyId: string, { userId, name, email, share }: SharedWith): Promise<object> {
    const place = [this.words.shown(surveyId), this.ids.show('UR', userId)] as const;
    const may = await this.permissions.of(actor.brandId, userId);
    const off = RIGHTS.filter(([right, permission]) => share[right] && !may.has(permission));
    const rights = off.map(([right]) => this.words.say(`sharing.${right}`)).join(', ');
    return {
      name,
      email,
      action: addresses.surveys.share(...place),
      removeUrl: addresses.surveys.shareRemoval(...place),
      rights: this.ticks(share),
      off: rights === '' ? undefined : this.words.say('sharing.off', { name, rights }),
    };
  }

  private ticks(share: Share | undefined): object[] {
    return RIGHTS.map(([right]) => ({
      name: right,
      label: this.words.say(`sharing.${right}`),
      help: this.words.say(`sharing.${right}Help`),
      checked: share?.[right] === true,
    }));
  }
}
