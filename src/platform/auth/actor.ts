import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request as HttpRequest } from 'express';
import type { Permission } from './permissions.js';

/** Who acts: the first argument of every service verb. There is no ambient current user. */
export interface Actor {
  readonly userId: string;
  readonly brandId: string;
  readonly brandName: string;
  readonly brandSlug: string;
  /** The brand's colour, `#rrggbb`. */
  readonly accent: string;
  readonly name: string;
  readonly email: string;
  readonly language: string;
  readonly timeZone: string;
  /** Whether they chose the zone, or their computer told it; known of whoever asks. */
  readonly hasOwnZone?: boolean;
  /** Effective permissions: overrides of the user over those of the type. */
  readonly permissions: ReadonlySet<Permission>;
  readonly via: 'session' | 'token' | 'system';
  /** Where the request came from, for the audit log. */
  readonly address?: string;
}

declare module 'express-serve-static-core' {
  interface Request {
    actor?: Actor;
    requestId?: string;
    /** What a program should know of a call that did not do all that was asked. */
    notice?: string | undefined;
    /** The token that our forms carry; for visitors it sets a cookie. */
    formToken?: () => string;
    /** Where it comes from, by headers and address before its body is read, by a field of that as well behind it. */
    formProof?: () => 'ours' | 'unproven' | 'foreign';
  }
}

/** Gives a controller the actor of the request; the guard has made sure that there is one. */
export const Me = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<HttpRequest>();
  if (actor === undefined) {
    throw new Error('@Me needs @Can or @SignedIn on the route');
  }
  return actor;
});
