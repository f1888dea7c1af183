import type { NestExpressApplication } from '@nestjs/platform-express';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { AccessGuard, type RouteRule } from '../../src/platform/auth/guard.js';

export interface Route {
  method: string;
  path: string;
  rule: RouteRule | undefined;
  name: string;
}

/** Every route of the application with its rule, read from the decorators themselves. */
export function routesOf(app: NestExpressApplication): Route[] {
  const reflector = app.get(Reflector);
  const guard = new AccessGuard(reflector, undefined as never);
  const scanner = new MetadataScanner();
  return app
    .get(DiscoveryService, { strict: false })
    .getControllers()
    .flatMap(({ instance, metatype }) => {
      const prototype = Object.getPrototypeOf(instance) as Record<string, () => unknown>;
      const bases = ([] as string[]).concat(reflector.get<string | string[]>(PATH_METADATA, metatype as never) ?? '');
      return scanner.getAllMethodNames(prototype).flatMap((name) => {
        const method = prototype[name]!;
        const verb = reflector.get<RequestMethod | undefined>(METHOD_METADATA, method);
        if (verb === undefined) {
          return [];
        }
        const paths = ([] as string[]).concat(reflector.get<string | string[]>(PATH_METADATA, method) ?? '');
        const rule = guard.ruleOf({ getHandler: () => method, getClass: () => metatype as never });
        return bases.flatMap((base) =>
          paths.map((path) => ({
            method: RequestMethod[verb] === 'ALL' ? 'GET' : RequestMethod[verb],
            path: `/${base}/${path}`.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, ''),
            rule,
            name: `${metatype?.name}.${name}`,
          })),
        );
      });
    });
}
