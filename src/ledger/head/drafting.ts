import { Property } from '@mikro-orm/decorators/legacy';
import { WrongState } from '../../platform/errors.js';
import type { Typed } from '../composition.js';
import type { Content } from '../content.js';

/** Lists show so much of a heading that may be of any length yet. */
const MAX_SHOWN = 500;

/** The part of a distribution that says how far its writing is. */
export abstract class Drafting {
  /** What stands in its author's form where it can't be sent like that yet; null where the distribution says it all. */
  @Property({ type: 'json', nullable: true })
  typed: object | null = null;

  /** Counts how often it was written. */
  @Property({ type: 'int' })
  revision = 0;

  /** The form that wrote it last; behind `saved ` one that was left by its button. */
  @Property({ type: 'text' })
  revisedBy = '';

  abstract readonly isDraft: boolean;
  abstract content: Content | null;
  abstract heading: string;
  abstract contentKey: string | null;

  /** Keeps what stands in its author's form although it can't be sent like that; lists show its name and heading. */
  keepTyped({ typed, heading }: Typed, now: Date): void {
    if (!this.isDraft) {
      throw new WrongState('It is no draft any more.');
    }
    Object.assign(this, { name: typed.name, modifiedAt: now });
    if (this.content) {
      this.content.heading = heading.slice(0, MAX_SHOWN);
    }
    this.showContent();
    this.revised(typed);
  }

  /** @throws {WrongState} where what its author typed last is not ready */
  mustBeWhole(): void {
    if (this.typed !== null) {
      throw new WrongState(
        'What was typed last in this draft is not complete yet. Open it, finish it and check it again.',
      );
    }
  }

  protected say(content: object | undefined): void {
    if (content !== undefined) {
      this.content?.write(content);
    }
    this.showContent();
  }

  /** What others know of the content without reading it. */
  private showContent(): void {
    this.heading = this.content?.heading ?? '';
    this.contentKey = this.content?.key ?? null;
  }

  /** @param typed null where the distribution says all of it */
  protected revised(typed: object | null): void {
    this.typed = typed;
    this.revision += 1;
    this.revisedBy = '';
  }
}
