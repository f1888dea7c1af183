import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { NotAllowed } from '../errors.js';
import type { Actor } from './actor.js';
import { type Permission, PERMISSIONS } from './permissions.js';

/** Under what a route's rule is kept. */
export const RULE = 'canvass:can';

/** Open to everybody, signed in or not. Every route says this, `@SignedIn` or `@Can`; a route without is refused. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(RULE, 'public');

/** Open to whoever is signed in. */
export const SignedIn = (): MethodDecorator & ClassDecorator => SetMetadata(RULE, 'signed-in');

/** Open to people with the account permission; what they may do to one survey the service asks on top. */
export const Can = (permission: Permission): MethodDecorator & ClassDecorator => SetMetadata(RULE, permission);

export type RouteRule = 'public' | 'signed-in' | Permission;

/** Finds out who is asking. Implemented by accounts (session, token); platform knows only that there is an answer. */
export abstract class Identification {
  /** The actor of this request, or undefined where nobody is signed in. */
  abstract identify(request: Request): Promise<Actor | undefined>;

  /** A sentence with the names of those who can switch a permission on for this person. */
  abstract whomToAsk(actor: Actor): Promise<string>;
}

/** The one global guard, closed by default. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly identification: Identification,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.ruleOf(context);
    const request = context.switchToHttp().getRequest<Request>();
    if (rule === undefined) {
      throw new NotAllowed('This page is closed: nobody has said who may open it.');
    }
    const actor = await this.identification.identify(request);
    if (actor !== undefined) {
      request.actor = actor;
    }
    if (rule === 'public') {
      return true;
    }
    if (actor === undefined) {
      throw new UnauthorizedException('Sign in first.');
    }
    if (rule !== 'signed-in' && !actor.permissions.has(rule)) {
      throw lacking(rule);
    }
    return true;
  }

  ruleOf(context: Pick<ExecutionContext, 'getHandler' | 'getClass'>): RouteRule | undefined {
    return this.reflector.getAllAndOverride<RouteRule | undefined>(RULE, [context.getHandler(), context.getClass()]);
  }
}

/** An account permission is off; the error page adds the names of those who can switch it on. */
export class PermissionIsOff extends NotAllowed {}

/** The refusal of somebody whose account lacks a permission: it names the permission and who can switch it on. */
export function lacking(permission: Permission): NotAllowed {
  return new PermissionIsOff(
    `Your account may not do this: the permission “${PERMISSIONS[permission].label}” is off.`,
    'A brand administrator can switch it on for you under People.',
  );
}
