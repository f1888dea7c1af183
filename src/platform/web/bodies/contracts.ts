import type { INestApplicationContext, Type } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { type Contract, contractOf, declaredOf } from './contract.js';
import type { RouteRule } from '../../auth/guard.js';

/** A route with what it takes. */
export interface RouteContract extends Contract {
  method: string;
  path: string;
  /** Who may: a permission, `signed-in` or `public`. */
  who: RouteRule | undefined;
  /** `SurveysController.create` */
  name: string;
}

/** Every route of the application and what it takes, read from what the routes themselves say. */
export function contractsOf(app: INestApplicationContext): RouteContract[] {
  const scanner = new MetadataScanner();
  return app
    .get(DiscoveryService, { strict: false })
    .getControllers()
    .flatMap(({ instance, metatype }) => {
      const prototype = Object.getPrototypeOf(instance) as Record<string, (...words: never[]) => unknown>;
      return scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler = prototype[name]!;
        if (!Reflect.hasMetadata(METHOD_METADATA, handler)) {
          return [];
        }
        const { paths, method, rule } = declaredOf(metatype as Type, handler);
        const contract = contractOf(metatype as Type, handler);
        return paths.map((path) => ({ ...contract, method, path, who: rule, name: `${metatype?.name}.${name}` }));
      });
    });
}
