import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Invalid } from '../../platform/errors.js';
import type { Composition } from '../composition.js';
import type { Distribution } from '../distribution.entity.js';
import { DistributionsService } from '../distributions.service.js';
import { Compositions } from '../mails/compositions.js';
import { linkDaysOf } from '../mails/compositions.forms.js';
import { sampleFault } from '../mails/written_faults.js';
import { sampleOf } from '../planning/sample.js';
import { readEmbeddedLines } from './embedded_lines.js';
import type { WrittenLinks } from './personal_links.forms.js';

/** What a generation of links has no use for. */
const NO_MAIL = {
  contactId: null,
  listName: '',
  linkExpiresAt: null,
  fromName: '',
  fromEmail: '',
  replyTo: '',
  subject: '',
  bodyHtml: '',
  bodyText: '',
  skipFinished: false,
  sendAt: null,
};

/** From the form to links. */
@Injectable()
export class Generating {
  constructor(
    private readonly distributions: DistributionsService,
    private readonly compositions: Compositions,
  ) {}

  /** @throws {Invalid} with one message per field, or with the code of what stands in the way */
  async make(actor: Actor, surveyId: string, written: WrittenLinks): Promise<Distribution> {
    const audience = await this.compositions.audience(actor, written.list);
    const linkDays = linkDaysOf(written.linkDays);
    const sample = sampleOf(written, null);
    const embedded = readEmbeddedLines(written.embedded);
    const fields = {
      ...(audience === undefined ? { list: 'Choose the contact list or segment whose people get links.' } : {}),
      ...sampleFault(written),
      ...(linkDays === undefined ? { linkDays: 'Write a whole number of days, from 1 to 3,650.' } : {}),
      ...('fault' in embedded ? { embedded: embedded.fault } : {}),
    };
    const [first] = Object.values(fields);
    if (audience === undefined || sample === undefined || linkDays === undefined || 'fault' in embedded) {
      throw new Invalid(first ?? '', fields);
    }
    const words: Composition = {
      ...NO_MAIL,
      name: written.name,
      ...audience,
      sample,
      linkType: written.linkType,
      linkDays,
      timeZone: actor.timeZone,
      embedded: embedded.pairs,
    };
    return this.distributions.generateLinks(actor, surveyId, words);
  }
}
