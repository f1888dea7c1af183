import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/db/database.js';
import { type PayloadOf, type Performs, PerformsJob } from '../../platform/queue/jobs.js';
import { PictureFetching } from './picture_fetching.js';
import { fetchPictures } from './pictures.jobs.js';

type Payload = PayloadOf<typeof fetchPictures>;

/** When a survey comes in or is reworded, and again for what could not be had. Safe to run twice: rows are leased. */
@PerformsJob(fetchPictures)
@Injectable()
export class FetchPicturesJob implements Performs<Payload> {
  constructor(
    private readonly fetching: PictureFetching,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  perform({ brandId }: Payload): Promise<void> {
    return this.fetching.fetchDue(brandId);
  }

  due(): Promise<Payload[]> {
    return this.database.outsideBrands((unit) =>
      unit.sql<Payload>('SELECT brand_id AS "brandId" FROM find_brands_with_pictures_due($1)', [this.clock.now()]),
    );
  }
}
