import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Invalid } from '../../platform/errors.js';
import type { Composition } from '../../ledger/composition.js';
import type { Distribution } from '../../ledger/distribution.entity.js';
import { DistributionsService } from '../distributions.service.js';
import { endOfDay, lastDayFault, linkDaysOf, MAX_LINK_DAYS } from '../../links/link_ends.js';
import { Audiences } from '../../audiences/audiences.service.js';
import { sampleOf, sampleFault } from '../../audiences/sample.js';
import { readEmbeddedLines } from '../../links/embedded_lines.js';
import type { WrittenLinks } from './personal_links.forms.js';

/** Of links that end on a day: what a later change of them is proposed with. */
const USUAL_DAYS = 60;

/** What a generation of links has no use for. */
const NO_MAIL = {
  contactId: null,
  listName: '',
  skipFinished: false,
  sendAt: null,
};

/** From the form to links. */
@Injectable()
export class Generating {
  constructor(
    private readonly distributions: DistributionsService,
    private readonly audiences: Audiences,
    private readonly clock: Clock,
  ) {}

  /** @throws {Invalid} with one message per field, or with the code of what stands in the way */
  async make(actor: Actor, surveyId: string, written: WrittenLinks): Promise<Distribution> {
    const audience = await this.audiences.chosen(actor, written.list);
    const now = this.clock.now();
    const end = endOf(written, actor, now);
    const sample = sampleOf(written, null);
    const embedded = readEmbeddedLines(written.embedded);
    const fields = {
      ...(audience === undefined ? { list: 'Choose the contact list or segment whose people get links.' } : {}),
      ...sampleFault(written),
      ...('faults' in end ? end.faults : {}),
      ...('fault' in embedded ? { embedded: embedded.fault } : {}),
    };
    const [first] = Object.values(fields);
    if (audience === undefined || sample === undefined || 'faults' in end || 'fault' in embedded) {
      throw new Invalid(first ?? '', fields);
    }
    const words: Composition = {
      ...NO_MAIL,
      name: written.name,
      ...audience,
      sample,
      linkType: written.linkType,
      ...end,
      timeZone: actor.timeZone,
      embedded: embedded.pairs,
    };
    return this.distributions.generateLinks(actor, surveyId, words);
  }
}

/** So many days from the making of the links, or the end of a day. */
function endOf(
  { linkEnd, linkDays, linkUntil }: WrittenLinks,
  { timeZone }: Actor,
  now: Date,
): { linkDays: number; linkExpiresAt: Date | null } | { faults: Record<string, string> } {
  const days = linkDaysOf(linkDays);
  if (linkEnd === 'days') {
    const words = `Write a whole number of days, from 1 to ${MAX_LINK_DAYS.toLocaleString('en')}.`;
    return days === undefined ? { faults: { linkDays: words } } : { linkDays: days, linkExpiresAt: null };
  }
  const fault = lastDayFault(linkUntil, timeZone, now);
  const linkExpiresAt = endOfDay(linkUntil, timeZone) ?? null;
  return fault === undefined ? { linkDays: days ?? USUAL_DAYS, linkExpiresAt } : { faults: { linkUntil: fault } };
}
