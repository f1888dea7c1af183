import { Embeddable, Property } from '@mikro-orm/decorators/legacy';
import { WrongState } from '../../platform/errors.js';

/** How far the writing of a distribution is. */
@Embeddable()
export class Writing {
  /** What stands in its author's form where it can't be sent like that yet; null where the distribution says it all. */
  @Property({ type: 'json', nullable: true })
  typed: object | null = null;

  /** Counts how often it was written. */
  @Property({ type: 'int' })
  revision = 0;

  /** The form that wrote it last; behind `saved ` one that was left by its button. */
  @Property({ type: 'text' })
  revisedBy = '';

  /** @throws {WrongState} where what its author typed last is not ready */
  mustBeWhole(): void {
    if (this.typed !== null) {
      throw new WrongState(
        'What was typed last in this draft is not complete yet. Open it, finish it and check it again.',
      );
    }
  }

  /** @param typed null where the distribution says all of it */
  revised(typed: object | null): void {
    this.typed = typed;
    this.revision += 1;
    this.revisedBy = '';
  }
}
