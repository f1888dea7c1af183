import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import type { BodyKind } from './contract.js';

/** Whether the request says that a body comes with it (RFC 9112 §6.3). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || declaredBytes({ headers }) > 0;
}

/** Bytes of the body as Content-Length tells them; 0 where it tells none. */
export function declaredBytes({ headers }: Pick<IncomingMessage, 'headers'>): number {
  return Number(headers['content-length'] ?? 0);
}

const TYPES: Record<string, BodyKind> = {
  'application/x-www-form-urlencoded': 'form',
  'application/json': 'json',
  'text/json': 'json',
  'multipart/form-data': 'multipart',
};

/** How the body is written, by its Content-Type; undefined for what nobody here reads. */
export function kindOf(request: Request): BodyKind | undefined {
  const type = (request.get('Content-Type') ?? '').split(';')[0]!.trim().toLowerCase();
  return Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
}

/** The character set that the Content-Type names, in small letters; undefined for none. */
export function charsetOf(request: Request): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(request.get('Content-Type') ?? '')?.[1]?.toLowerCase();
}
