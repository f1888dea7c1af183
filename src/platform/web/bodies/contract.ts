import { RequestMethod, SetMetadata, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';
import { RULE, type RouteRule } from '../../auth/guard.js';
import type { Config } from '../../config.js';
import { API_PATH, RESPONDENT_PATH } from '../paths.js';

/** How a body may be written: as a form (application/x-www-form-urlencoded), JSON, or a multipart form. */
export type BodyKind = 'form' | 'json' | 'multipart';

/** One file of a multipart form, in its field `file`. */
export interface FileRule {
  readonly bytes: number;
  /** Where it is put down; in memory where none is named. */
  readonly folder?: (config: Config) => string;
  /** A form that says itself that its file was too large: it is told by `isCutOff` and gets no file. */
  readonly isToldBySelf?: boolean;
}

/** What a route takes of a request's body. Nothing else of it is read. */
export interface Contract {
  /** None: no body is read at all. */
  readonly kinds: readonly BodyKind[];
  /** Bytes of the body as it is sent, files and all. */
  readonly bytes: number;
  /** Fields of a form; in JSON, values and names of them in lists and objects. */
  readonly fields: number;
  /** Lists and objects inside one another in JSON. */
  readonly depth: number;
  /** JSON is handed over as its bytes, for a task process: so large that whoever makes values of it keeps others waiting. */
  readonly isJsonRaw?: boolean;
  /** That something was posted says enough: a body that cannot be read counts as none, instead of being refused. */
  readonly isReadAtWill?: boolean;
  readonly file?: FileRule;
}

/** A route as its decorators declare it. */
interface Declared {
  paths: string[];
  method: string;
  rule: RouteRule | undefined;
}

export const KB = 1024;
export const MB = 1024 * KB;

/** What is taken where a route says nothing itself, by the part of the product; the first that fits. */
export const AREAS: readonly { name: string; holds: (route: Declared) => boolean; contract: Contract }[] = [
  {
    name: 'reading',
    holds: ({ method }) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS',
    contract: { kinds: [], bytes: 0, fields: 0, depth: 0 },
  },
  {
    name: 'respondents',
    holds: ({ paths }) => paths.some((path) => RESPONDENT_PATH.test(path)),
    // As many as the largest page has that is drawn (`engine/page-size.ts`), and what stands beside them.
    contract: { kinds: ['form'], bytes: 256 * KB, fields: 12_000, depth: 0 },
  },
  {
    name: 'programs',
    holds: ({ paths }) => paths.some((path) => API_PATH.test(path)),
    contract: { kinds: ['json', 'form'], bytes: 2 * MB, fields: 20_000, depth: 64 },
  },
  {
    name: 'visitors',
    holds: ({ rule }) => rule === 'public' || rule === undefined,
    contract: { kinds: ['form', 'json'], bytes: 16 * KB, fields: 100, depth: 8 },
  },
  {
    name: 'people',
    holds: () => true,
    contract: { kinds: ['form', 'json'], bytes: 2 * MB, fields: 5000, depth: 64 },
  },
];

const TAKES = 'canvass:takes';

/** What a route takes that differs from its area; on a class for all of its routes. */
export const Takes = (contract: Partial<Contract>): MethodDecorator & ClassDecorator => SetMetadata(TAKES, contract);

/** The method of a controller. */
export type Handler = (...words: never[]) => unknown;

const known = new WeakMap<Handler, Contract>();
const reflector = new Reflector();

/** What the route of this handler takes: its area's contract, with what class and method say over it. */
export function contractOf(controller: Type, handler: Handler): Contract {
  const found = known.get(handler);
  if (found !== undefined) {
    return found;
  }
  const declared = declaredOf(controller, handler);
  const area = AREAS.find(({ holds }) => holds(declared))!;
  const [ofClass, ofMethod] = [controller, handler].map((target) =>
    reflector.get<Partial<Contract> | undefined>(TAKES, target),
  );
  const isReading = area.contract.kinds.length === 0;
  const contract = { ...area.contract, ...(isReading ? {} : ofClass), ...ofMethod };
  known.set(handler, contract);
  return contract;
}

/** Addresses, method and rule of a route, read from its decorators. */
export function declaredOf(controller: Type, handler: Handler): Declared {
  const listed = (target: Type | Handler): string[] =>
    ([] as string[]).concat(reflector.get<string | string[] | undefined>(PATH_METADATA, target) ?? '');
  const verb = RequestMethod[reflector.get<RequestMethod>(METHOD_METADATA, handler)];
  return {
    paths: listed(controller).flatMap((base) =>
      listed(handler).map((path) => `/${base}/${path}`.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')),
    ),
    method: verb === 'ALL' ? 'POST' : verb,
    rule: reflector.getAllAndOverride<RouteRule | undefined>(RULE, [handler, controller]),
  };
}
