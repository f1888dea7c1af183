import { Injectable } from '@nestjs/common';
import { BrandsService } from '../../brands/brands.service.js';
import type { Actor } from '../../platform/auth/actor.js';
import { Database } from '../../platform/db/database.js';
import type { Distribution } from '../distribution.entity.js';
import { DistributionWords, titleOf } from '../distribution_words.js';
import { Outlooks } from './outlooks.service.js';

/** Large sendings are confirmed by typing how many get it, or what it is called. */
@Injectable()
export class SendingConsent {
  constructor(
    private readonly database: Database,
    private readonly brands: BrandsService,
    private readonly outlooks: Outlooks,
    private readonly words: DistributionWords,
  ) {}

  /** Whether nothing needs to be typed, or the right thing was. A list that is still being counted needs it. */
  async isGiven({ brandId }: Actor, distribution: Distribution, typed: string): Promise<boolean> {
    const { confirmAbove } = await this.brands.of(brandId);
    const outlook = await this.database.inBrand(brandId, (unit) => this.outlooks.of(unit, distribution));
    if (outlook !== undefined && outlook.mails <= confirmAbove) {
      return true;
    }
    const title = titleOf(distribution, this.words.say);
    const number = typed.replaceAll(/[\s.,’']/g, '');
    return typed.trim() === title || (outlook !== undefined && number === String(outlook.mails));
  }
}
