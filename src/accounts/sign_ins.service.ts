import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AuditTrail } from '../platform/auth/audit_trail.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/db/database.js';
import { browserOf } from './browsers.js';
import { SignInPlaces } from './sign_in_places.js';
import type { User } from './user.entity.js';
import { WebSessionsService } from './web_sessions.service.js';

/** Opens and closes the browser session of a person. */
@Injectable()
export class SignInsService {
  constructor(
    private readonly clock: Clock,
    private readonly trail: AuditTrail,
    private readonly database: Database,
    private readonly sessions: WebSessionsService,
    private readonly places: SignInPlaces,
  ) {}

  /** Starts a session under a new id, so that an id planted before cannot be used afterwards. */
  async open(request: Request, user: User, signedInBy: 'password' | 'link'): Promise<void> {
    await promisify(request.session.regenerate.bind(request.session))();
    Object.assign(request.session, {
      brandId: user.brandId,
      userId: user.id,
      csrf: randomBytes(24).toString('base64url'),
      signedInBy,
      signedInAt: this.clock.now().toISOString(),
      browser: browserOf(request.get('User-Agent') ?? ''),
      address: request.ip ?? '',
    });
    await promisify(request.session.save.bind(request.session))();
    await this.sessions.endOldest(user.id);
    await this.places.remember(user.email, request);
    const who = { brandId: user.brandId, userId: user.id, name: user.name, address: request.ip ?? '' };
    await this.database.inBrand(user.brandId, async (unit) => {
      await this.trail.record(unit, who, 'sign-in.done', user.email, { after: { by: signedInBy } });
    });
  }

  async close(request: Request): Promise<void> {
    await promisify(request.session.destroy.bind(request.session))();
  }
}
