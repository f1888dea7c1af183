import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/auth/actor.js';
import { Clock } from '../../platform/clock.js';
import { Config } from '../../platform/config.js';
import { Database } from '../../platform/db/database.js';
import { Invalid, LimitReached } from '../../platform/errors.js';
import { Ids } from '../../platform/ids.js';
import { FoundDistributions } from '../../ledger/found_distributions.service.js';
import { pictureKind } from '../../platform/foreign/picture_kind.js';
import { addresses } from '../../platform/web/addresses.js';

export const MAX_PICTURE_BYTES = 2_000_000;
const MAX_SIDE = 8000;
const MAX_BRAND_BYTES = 500_000_000;

/** A picture that was taken in. */
export interface KeptPicture {
  url: string;
  width: number;
  height: number;
}

export interface ServedPicture {
  type: string;
  content: Buffer;
}

/**
 * Pictures of mails. They are served for as long as the brand exists: mails that were sent go on showing them. The
 * address is a token, so that nobody can leaf through them.
 */
@Injectable()
export class PicturesService {
  constructor(
    private readonly database: Database,
    private readonly distributions: FoundDistributions,
    private readonly ids: Ids,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** @throws {Invalid} for what is no picture or too large; {LimitReached} when the brand's room is used up */
  async keep(actor: Actor, surveyId: string, content: Buffer): Promise<KeptPicture> {
    await this.distributions.mustMaySend(actor, surveyId);
    const kind = pictureKind(content);
    if (kind === undefined) {
      throw new Invalid('Only pictures can stand in a mail: PNG, JPEG, GIF or WebP.');
    }
    const { type, width, height } = kind;
    if (content.length > MAX_PICTURE_BYTES || width > MAX_SIDE || height > MAX_SIDE) {
      throw new Invalid('This picture is too large. It may have 2 MB and 8,000 pixels a side.');
    }
    return this.database.inBrand(actor.brandId, async (unit) => {
      const { used } = await unit.one<{ used: string }>(
        'SELECT coalesce(sum(bytes), 0)::bigint AS used FROM mail_pictures',
      );
      if (Number(used) + content.length > MAX_BRAND_BYTES) {
        throw new LimitReached('The pictures of this brand fill their room of 500 MB.');
      }
      const { id } = await unit.one<{ id: string }>(
        `INSERT INTO mail_pictures (brand_id, owner_id, type, bytes, width, height, content, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
        [actor.brandId, actor.userId, type, content.length, width, height, content, this.clock.now()],
      );
      return { url: this.config.baseUrl + addresses.respondents.picture(this.ids.token('picture', id)), width, height };
    });
  }

  /** @returns undefined for an address that we did not make */
  async served(token: string): Promise<ServedPicture | undefined> {
    const id = this.ids.readToken('picture', token);
    const [found] =
      id === undefined
        ? []
        : await this.database.outsideBrands((unit) =>
            unit.sql<{ brand_id: string }>('SELECT brand_id FROM find_mail_picture($1)', [id]),
          );
    if (found === undefined) {
      return undefined;
    }
    const [picture] = await this.database.inBrand(found.brand_id, (unit) =>
      unit.sql<ServedPicture>('SELECT type, content FROM mail_pictures WHERE id = $1', [id]),
    );
    return picture;
  }
}
