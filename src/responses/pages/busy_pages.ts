import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { EntriesService } from '../../links/entries/entries.service.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { ComeBackPage } from '../../platform/web/session/come_back.js';
import { refusalModel } from './pages.views.js';
import { refused } from './refusals.js';
import { brandAlone, type RespondentBrand } from '../sessions/session_rows.js';
import { strangerOf } from '../visits.js';

const FRESH_MS = 60_000;
const KEPT_BRANDS = 1000;

/** The page of whoever comes when there is no room. Brands are kept for a minute: a flood asks the database for nothing. */
@Injectable()
export class BusyPages extends ComeBackPage {
  private readonly brands = new Map<string, { brand: RespondentBrand; until: number }>();

  constructor(
    private readonly entries: EntriesService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  async draw(request: Request, response: Response, seconds: number): Promise<void> {
    const [, prefix = '', token = ''] = request.path.split('/');
    const brand = await this.brandBehind(prefix, token).catch(() => undefined);
    const refusal = { ...refused('busy', { seconds }), ...(brand === undefined ? {} : { brand }) };
    response.status(429).setHeader('Retry-After', String(seconds));
    response.render('responses/refusal', refusalModel(strangerOf(request), refusal));
  }

  private async brandBehind(prefix: string, token: string): Promise<RespondentBrand | undefined> {
    const brandId = await this.entries.brandBehind(prefix, token);
    if (brandId === undefined) {
      return undefined;
    }
    const known = this.brands.get(brandId);
    return known !== undefined && known.until > this.clock.ms() ? known.brand : this.read(brandId);
  }

  private async read(brandId: string): Promise<RespondentBrand | undefined> {
    const brand = await this.database.inBrand(brandId, (unit) => brandAlone(unit, brandId));
    if (this.brands.size >= KEPT_BRANDS) {
      this.brands.clear();
    }
    this.brands.set(brandId, { brand, until: this.clock.ms() + FRESH_MS });
    return brand;
  }
}
