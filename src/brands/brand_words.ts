import { Injectable } from '@nestjs/common';
import { Views } from '../platform/web/views.js';
import type { Say } from '../platform/web/words.js';

/** The words of the pages of a brand. */
@Injectable()
export class BrandWords {
  readonly say: Say;

  constructor(views: Views) {
    this.say = views.wordsOf('brands');
  }

  /** @returns `fallback` where nobody has put it in words */
  sayOr(key: string, fallback: string): string {
    return this.say(key, { defaultValue: fallback });
  }
}
