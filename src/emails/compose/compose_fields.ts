import { Injectable } from '@nestjs/common';
import type { Offered } from '../../audiences/audience_options.js';
import { Audiences } from '../../audiences/audiences.service.js';
import { may } from '../../brands/access.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { LimitMeters } from '../../limits/limit_meters.js';
import type { Actor } from '../../platform/auth/actor.js';
import { clockTime } from '../../platform/web/moments.js';
import { composeFields } from './composition.views.js';
import type { Written } from './compositions.forms.js';
import { FromMenu } from './from_menu.js';
import { inOneHour } from './send_time.js';

/** The fields of the form, with what they offer: addresses, people, what is left of the limits. */
@Injectable()
export class ComposeFields {
  constructor(
    private readonly words: DistributionWords,
    private readonly from: FromMenu,
    private readonly meters: LimitMeters,
    private readonly people: Audiences,
  ) {}

  /** @param faults of a form that was refused, by field */
  async of(actor: Actor, written: Written, faults: Record<string, string>): Promise<object> {
    const { words } = this;
    const fields = composeFields(written, {
      say: words.say,
      knows: (key) => words.knows(key),
      faults,
      ...(await this.offered(actor, written.list)),
      from: await this.from.model(actor, written.fromEmail),
      timeZone: actor.timeZone,
      hourAhead: clockTime(inOneHour(words.now()), actor.timeZone),
    });
    return { ...fields, meters: await this.meters.of(actor) };
  }

  /** Model of the part `_to`. */
  async to(actor: Actor, written: Written): Promise<object> {
    return { fields: await this.of(actor, written, {}), canMakeList: may(actor, 'directory:edit') };
  }

  /** Whom the mail may go to. @param chosen public id of who is chosen now, offered even when it is one person */
  async offered(actor: Actor, chosen: string): Promise<Offered> {
    const { people } = this;
    return {
      lists: await people.listOptions(actor),
      segments: await people.segmentOptions(actor),
      person: await people.personOption(actor, chosen),
    };
  }
}
