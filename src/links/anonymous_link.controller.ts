import { Controller, Get, Param, Render } from '@nestjs/common';
import { may } from '../brands/access.js';
import { type Actor, Me } from '../platform/auth/actor.js';
import { Can } from '../platform/auth/guard.js';
import { Clock } from '../platform/clock.js';
import { Ids } from '../platform/ids.js';
import { addresses } from '../platform/web/addresses.js';
import { exactTime } from '../platform/web/moments.js';
import type { SurveyDoor } from '../surveys/surveys.service.js';
import { SurveysService } from '../surveys/surveys.service.js';
import { LinksService } from './links.service.js';
import { SignedParametersService } from './signed_parameters.service.js';

/** The survey's one open link: copy it, and see whether it lets people in right now. */
@Controller('surveys/:id/distributions/anonymous')
export class AnonymousLinkController {
  constructor(
    private readonly surveys: SurveysService,
    private readonly links: LinksService,
    private readonly signedParameters: SignedParametersService,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Can('distributions:access')
  @Render('links/anonymous')
  async show(@Me() actor: Actor, @Param('id') shownId: string): Promise<object> {
    const id = this.ids.read('SV', shownId);
    const { survey, stake } = await this.surveys.mustFind(actor, id, 'distributions:access');
    const door = await this.surveys.doorOf(actor.brandId, id, this.clock.now());
    return {
      ...(await this.surveys.distributionsFrame(actor, survey, stake, 'anonymous')),
      crumbs: [
        { href: addresses.surveys.list(), text: 'Surveys' },
        { href: addresses.surveys.page(shownId), text: survey.name },
        { text: 'Anonymous link' },
      ],
      address: this.links.anonymousAddress(id),
      preview: this.links.previewAddress(id),
      secret: may(actor, 'distributions:send', stake) ? this.signedParameters.secretOf(id) : undefined,
      door: {
        ...doorWords(door, actor.timeZone),
        ...(may(actor, 'surveys:activate', stake) ? { act: nextAct(door, shownId) } : {}),
      },
    };
  }
}

/** What the door lets through, for the page: a flag for its sentence, and the instant that the sentence names. */
function doorWords({ door, opensAt, survey }: SurveyDoor, timeZone: string): object {
  const at = door === 'early' ? opensAt : survey.availableUntil;
  const isInvited = survey.options['invitationOnly'] === true;
  return {
    // Open to those with a link of their own only, which is not said of this one.
    [isInvited && door === 'open' ? 'barred' : door]: true,
    ...(at === undefined || at === null ? {} : { at: exactTime(at, timeZone) }),
    ...(isInvited ? { invitationOnly: true } : {}),
  };
}

function nextAct({ door }: SurveyDoor, shownId: string): object | undefined {
  if (door === 'new') {
    return { activate: true, url: addresses.surveys.activate(shownId) };
  }
  return door === 'paused' ? { resume: true, url: addresses.surveys.resume(shownId) } : undefined;
}
