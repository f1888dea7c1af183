import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import { IdentificationByAccount } from '../brands/identification.js';
import { DistributionsService } from '../distributions/distributions.service.js';
import { Distribution } from '../ledger/distribution.entity.js';
import { FoundDistributions } from '../ledger/found_distributions.service.js';
import { LinksService } from '../links/links.service.js';
import type { Actor } from '../platform/auth/actor.js';
import { Database } from '../platform/db/database.js';

const SENT_WITHIN_MS = 30_000;
const BODY = `<p>Hello \${m://FirstName},</p>
<p>you joined us a few weeks ago. Would you tell us how it went? It takes five minutes.</p>
<p>\${l://SurveyLink?d=Start the survey}</p>
<p>Or copy this address into your browser:<br>\${l://SurveyURL}</p>
<p>You get this mail because you started at Canvass Demo this autumn. \${l://OptOutLink?d=No more mails like this}</p>`;

/** The part of the demo that talks to distributions and links. */
@Injectable()
export class DemoSending {
  // oxlint-disable-next-line max-params -- up to eight may stand in a constructor
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsService,
    private readonly identification: IdentificationByAccount,
    private readonly distributions: DistributionsService,
    private readonly found: FoundDistributions,
    private readonly links: LinksService,
  ) {}

  async actor(brandId: string, userId: string): Promise<Actor> {
    return this.identification.actorFor(await this.accounts.mustFind(brandId, userId), 'system');
  }

  /** Sends to the list through the development mailbox, whatever relay is configured, and waits until all went. */
  async send(actor: Actor, surveyId: string, list: { id: string; name: string }): Promise<string> {
    const draft = await this.distributions.compose(actor, surveyId, {
      name: 'First invitation',
      listId: list.id,
      contactId: null,
      listName: list.name,
      linkType: 'Individual',
      linkDays: 60,
      linkExpiresAt: null,
      skipFinished: true,
      sendAt: null,
      timeZone: actor.timeZone,
      content: {
        fromName: 'People team',
        fromEmail: 'people@canvass.example',
        replyTo: '',
        subject: 'How were your first weeks, ${m://FirstName}?',
        bodyHtml: BODY,
        bodyText: '',
      },
      embedded: {},
    });
    await this.database.inBrand(actor.brandId, async (unit) => {
      const kept = await unit.em.findOneOrFail(Distribution, { id: draft.id });
      kept.mailboxOnly = true;
    });
    await this.distributions.send(actor, draft.id);
    for (let waited = 0; waited < SENT_WITHIN_MS; waited += 200) {
      const { distribution } = await this.found.mustFind(actor, draft.id);
      if (distribution.status === 'done') {
        return draft.id;
      }
      await sleep(200);
    }
    return draft.id;
  }

  addresses(surveyId: string, linkIds: string[], baseUrl: string): { individual: string[]; anonymous: string } {
    const here = (address: string): string => `${baseUrl}${new URL(address).pathname}`;
    return {
      individual: linkIds.map((id) => here(this.links.addressOf(id))),
      anonymous: here(this.links.anonymousAddress(surveyId)),
    };
  }
}
