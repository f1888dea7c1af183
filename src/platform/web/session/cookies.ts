import type { Request } from 'express';

/** What the browser sent under this name, as it stands there (RFC 6265 §4.2.1); undefined for nothing. */
export function cookieOf(request: Request, name: string): string | undefined {
  const prefix = `${name}=`;
  const pair = (request.headers.cookie ?? '').split(/;\s*/).find((part) => part.startsWith(prefix));
  return pair?.slice(prefix.length);
}
