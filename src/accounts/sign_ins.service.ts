import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Clock } from '../platform/clock.js';
import { Events } from '../platform/events.js';
import { UserSignedIn } from './accounts.events.js';
import { browserOf } from './browsers.js';
import type { User } from './user.entity.js';

/** Opens and closes the browser session of a person. */
@Injectable()
export class SignInsService {
  constructor(
    private readonly clock: Clock,
    private readonly events: Events,
  ) {}

  /** Starts a session under a new id, so that an id planted before cannot be used afterwards. */
  async open(request: Request, user: User): Promise<void> {
    await promisify(request.session.regenerate.bind(request.session))();
    Object.assign(request.session, {
      brandId: user.brandId,
      userId: user.id,
      csrf: randomBytes(24).toString('base64url'),
      signedInAt: this.clock.now().toISOString(),
      browser: browserOf(request.get('User-Agent') ?? ''),
      address: request.ip ?? '',
    });
    await promisify(request.session.save.bind(request.session))();
    this.events.tell(new UserSignedIn(user.brandId, user.id, request.ip ?? ''));
  }

  async close(request: Request): Promise<void> {
    await promisify(request.session.destroy.bind(request.session))();
  }
}
