import { BigIntType } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Invalid, WrongState } from '../platform/errors.js';
import { type Door, doorAt, type PauseChoice, type Stage } from './door.js';
import type { SurveyDefinition } from '../engine/definition.js';
import type { ReportEntry } from '../qsf/report.js';

const nullableId = new BigIntType('string');
const NAME_LENGTH = 200;
const MESSAGE_LENGTH = 2000;

export type { PauseChoice, Stage } from './door.js';

/** An open walk closes after a week where the survey does not say otherwise. */
const HOURS_TO_FINISH = 168;

/** Whether nobody may learn who gave which answers, by a survey's options. */
export function isAnonymized(options: Record<string, unknown>): boolean {
  return options['anonymize'] === true;
}

/** Whether a person's own link shows earlier answers on another device after a proof only, by a survey's options. */
export function asksForProof(options: Record<string, unknown>): boolean {
  return isAnonymized(options) || options['askForProof'] !== false;
}

/** After how many hours without a page an open walk closes, by a survey's options. */
export function hoursToFinish(options: Record<string, unknown>): number {
  const chosen = options['incompleteAfterHours'];
  return typeof chosen === 'number' && chosen > 0 ? chosen : HOURS_TO_FINISH;
}

/** The project: a draft that is edited, published versions that are answered, a stage and a window. */
@Entity({ tableName: 'surveys' })
export class Survey {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string;

  @Property({ type: 'bigint' })
  brandId!: string;

  @Property({ type: 'bigint' })
  ownerId!: string;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text' })
  stage: Stage = 'new';

  /** Loaded only where the outline is shown or changed: it may be megabytes. */
  @Property({ type: 'json', lazy: true })
  draft!: SurveyDefinition;

  /** Counts the changes of the draft. */
  @Property({ type: 'int' })
  draftNumber = 1;

  @Property({ type: nullableId, nullable: true })
  publishedVersionId: string | null = null;

  /** The draft's number when it was published last. */
  @Property({ type: 'int', nullable: true })
  publishedDraftNumber: number | null = null;

  /** Survey options that are not part of a version. */
  @Property({ type: 'json' })
  options: Record<string, unknown> = {};

  /** What the import could not take over as it was. */
  @Property({ type: 'json', nullable: true, lazy: true })
  importReport?: ReportEntry[] | null;

  @Property({ type: 'text' })
  inactiveMessage = '';

  @Property({ type: 'text' })
  pauseChoice: PauseChoice = 'finish';

  @Property({ type: 'timestamptz', nullable: true })
  availableFrom: Date | null = null;

  @Property({ type: 'timestamptz', nullable: true })
  availableUntil: Date | null = null;

  @Property({ type: 'text' })
  timeZone = 'UTC';

  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  @Property({ type: 'timestamptz' })
  modifiedAt!: Date;

  @Property({ type: 'timestamptz', nullable: true })
  activatedAt: Date | null = null;

  @Property({ type: 'timestamptz', nullable: true })
  deletedAt: Date | null = null;

  get isPublished(): boolean {
    return this.publishedVersionId !== null;
  }

  /** Whether the draft holds changes that respondents do not see. */
  get hasUnpublishedChanges(): boolean {
    return this.publishedDraftNumber !== this.draftNumber;
  }

  doorAt(now: Date): Door {
    return doorAt(this, now);
  }

  /** Whether the anonymous link has a trap for programs; people with links of their own never meet it. */
  guardAgainstBots(isOn: boolean, now: Date): void {
    this.options = { ...this.options, botGuard: isOn };
    this.modifiedAt = now;
  }

  /** @throws {WrongState} where answers are anonymous: there a proof is asked for in any case */
  askForProof(isOn: boolean, now: Date): void {
    if (!isOn && isAnonymized(this.options)) {
      throw new WrongState(
        'This survey is anonymized: on another device earlier answers are shown after a proof only.',
      );
    }
    this.options = { ...this.options, askForProof: isOn };
    this.modifiedAt = now;
  }

  rename(name: string, now: Date): void {
    this.name = surveyName(name);
    this.modifiedAt = now;
  }

  /** Takes an edited draft; what is published stays as it is. The same words again leave nothing to publish. */
  revise(draft: SurveyDefinition, now: Date): void {
    if (JSON.stringify(draft) === JSON.stringify(this.draft)) {
      return;
    }
    this.draft = draft;
    this.draftNumber += 1;
    this.modifiedAt = now;
  }

  /** Makes `versionId`, a copy of the draft as it is now, the version that new sessions get. */
  publish(versionId: string, now: Date): void {
    if (!this.hasUnpublishedChanges) {
      throw new WrongState('There is nothing new to publish: the published version is the same as the draft.');
    }
    this.publishedVersionId = versionId;
    this.publishedDraftNumber = this.draftNumber;
    this.modifiedAt = now;
  }

  activate(now: Date): void {
    if (this.stage === 'active') {
      throw new WrongState('This survey is active already.');
    }
    if (this.stage === 'paused') {
      throw new WrongState('This survey is paused. Resume it instead.');
    }
    this.open(now);
  }

  /** @throws {WrongState} where there is nothing to pause */
  mustBeActive(): void {
    if (this.stage !== 'active') {
      throw new WrongState(
        this.stage === 'paused' ? 'This survey is paused already.' : 'Only an active survey can be paused.',
      );
    }
  }

  pause({ people, message }: { people: PauseChoice; message: string }, now: Date): void {
    this.mustBeActive();
    if (message.length > MESSAGE_LENGTH) {
      const words = `The message may have ${MESSAGE_LENGTH} characters.`;
      throw new Invalid(words, { message: words });
    }
    this.stage = 'paused';
    this.pauseChoice = people;
    this.inactiveMessage = message.trim();
    this.modifiedAt = now;
  }

  resume(now: Date): void {
    if (this.stage !== 'paused') {
      throw new WrongState('Only a paused survey can be resumed.');
    }
    this.open(now);
  }

  /** Sets from when until when people may start; null leaves a side open. */
  limitTo(from: Date | null, until: Date | null, now: Date): void {
    if (from !== null && until !== null && until <= from) {
      throw new Invalid('The end must be after the start.', { until: 'Pick an end after the start.' });
    }
    this.availableFrom = from;
    this.availableUntil = until;
    this.modifiedAt = now;
  }

  /** @throws {WrongState} when the window is over: opening would let nobody in */
  mustNotBeOver(now: Date): void {
    if (this.availableUntil !== null && this.availableUntil <= now) {
      throw new WrongState('The time in which this survey is available has ended. Move or remove its end first.');
    }
  }

  /** Deletes it. People in the middle are closed as a pause would, and what they gave is recorded. */
  remove(now: Date): void {
    this.stage = this.stage === 'active' ? 'paused' : this.stage;
    this.pauseChoice = 'record';
    this.deletedAt = now;
    this.modifiedAt = now;
  }

  private open(now: Date): void {
    if (!this.isPublished) {
      throw new WrongState('Publish the survey first: respondents answer the published version.');
    }
    this.mustNotBeOver(now);
    this.stage = 'active';
    this.activatedAt = now;
    this.modifiedAt = now;
  }
}

/** A survey's name on one line. @throws {Invalid} when nothing is left or it is too long */
export function surveyName(typed: string): string {
  const name = typed
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (name === '' || name.length > NAME_LENGTH) {
    const words = name === '' ? 'Give the survey a name.' : `A name may have ${NAME_LENGTH} characters.`;
    throw new Invalid(words, { name: words });
  }
  return name;
}
