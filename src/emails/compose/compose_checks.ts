import { Injectable } from '@nestjs/common';
import { audienceOptions, chosenLabel } from '../../audiences/audience_options.js';
import { DistributionWords } from '../../ledger/distribution_words.js';
import { FoundDistributions } from '../../ledger/found_distributions.service.js';
import { SendingChecks } from '../../planning/sending_checks.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Database } from '../../platform/db/database.js';
import { type Faults, NO_FAULTS } from '../../platform/web/answers.js';
import { MailPreviews, type PreviewedMail, type Sample } from '../content/mail_previews.service.js';
import { mailSourceOf } from '../content/mail_source.js';
import { ComposeFields } from './compose_fields.js';
import { composeSteps, type ReviewModel } from './compose_steps.js';
import { fieldInserts, findingLines } from './composition.views.js';
import type { Written } from './compositions.forms.js';
import { Compositions } from './compositions.js';

const NAMES_SHOWN = 30;
/** So many people of the list are offered to look at the mail as. */
const SAMPLES_OFFERED = 20;
const LINE_LENGTH = 140;

/** What stands beside the form: the mail as it will look, what is still missing, and how far each step is. */
@Injectable()
export class ComposeChecks {
  constructor(
    private readonly distributions: FoundDistributions,
    private readonly words: DistributionWords,
    private readonly compositions: Compositions,
    private readonly previews: MailPreviews,
    private readonly database: Database,
    private readonly sendingChecks: SendingChecks,
    private readonly fields: ComposeFields,
  ) {}

  /** The part beside the form, the mail in the inbox and what is still missing; and how far each step is. */
  async of(
    actor: Actor,
    surveyId: string,
    written: Written,
    { wish, refused = NO_FAULTS, review }: { wish: string; refused?: Faults; review?: ReviewModel | undefined },
  ): Promise<{ checks: { samples: object[] }; steps: object }> {
    await this.distributions.mustMaySend(actor, surveyId);
    const { say } = this.words;
    const sketch = this.compositions.sketch(actor, surveyId, written);
    const samples = await this.previews.samples(actor, sketch.audience, SAMPLES_OFFERED);
    const sample = this.compositions.chosenSample(samples, wish);
    const mail = await this.previews.render(mailSourceOf(sketch), sample);
    const findings = await this.database.inBrand(actor.brandId, (unit) => this.sendingChecks.findings(unit, sketch));
    const names = Object.keys(sample.embedded).slice(0, NAMES_SHOWN);
    const lists = audienceOptions(written.list, { ...(await this.fields.offered(actor, written.list)), say });
    const steps = composeSteps(
      { written, findings, faults: refused.fields, review, audience: chosenLabel(lists) },
      { words: this.words, actor },
    );
    const besides = {
      inbox: {
        from: (mail.refusal === undefined ? mail.fromName : written.fromName) || written.fromEmail,
        subject: mail.subject,
        line: firstLine(mail),
      },
      sample: this.previews.isMadeUp(sample) ? say('mail.madeUp') : say('mail.sample', { name: sample.name }),
      lines: findingLines(findings, say, (code) => this.words.domainsDoor(actor, code)),
      news: say('checks.news', { count: findings.length }),
      fields: fieldInserts(names, '#field_body'),
      samples: this.compositions.sampleOptions(samples, sample),
    };
    return { checks: besides, steps };
  }

  /** The mail as somebody of the list would read it: whoever was chosen, else the first. */
  async preview(actor: Actor, surveyId: string, written: Written, wish: string): Promise<PreviewedMail> {
    await this.distributions.mustMaySend(actor, surveyId);
    const sketch = this.compositions.sketch(actor, surveyId, written);
    const samples: Sample[] = await this.previews.samples(actor, sketch.audience, SAMPLES_OFFERED);
    return this.previews.render(mailSourceOf(sketch), this.compositions.chosenSample(samples, wish));
  }
}

/** What a mail program shows beside the subject. */
function firstLine({ text }: PreviewedMail): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, LINE_LENGTH);
}
