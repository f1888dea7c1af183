import { promisify } from 'node:util';
import type { Request } from 'express';

/** A page that somebody left to get something for it, and what it is called there. It is never made of what a request says. */
export interface WayBack {
  /** Path of the thing whose page it is: the bar is not drawn there or below. */
  home: string;
  /** Path of the page itself. */
  path: string;
  /** What is kept there, as a sentence. */
  text: string;
  /** The words of the link. */
  label: string;
  /** What was got, by the name under which that page looks for it. */
  brought?: Record<string, string>;
}

/** Shows the way back on every page of this session until it is gone or ended; one of before makes room for it. */
export async function leaveWayBack(request: Request, wayBack: WayBack): Promise<void> {
  request.session.wayBack = wayBack;
  // The next page may be asked for before the session middleware gets to it.
  await promisify(request.session.save.bind(request.session))();
}

/** Takes something along to the page that waits for it; nothing where none does. */
export function bringBack(request: Request, name: string, value: string): void {
  const { wayBack } = request.session;
  if (wayBack !== undefined) {
    request.session.wayBack = { ...wayBack, brought: { ...wayBack.brought, [name]: value } };
  }
}

/** Somebody is back at `home`: the way ends. @returns what they brought; nothing for another thing's page */
export function takeWayBack(request: Request, home: string): Record<string, string> {
  const { wayBack } = request.session;
  if (wayBack?.home !== home) {
    return {};
  }
  delete request.session.wayBack;
  return wayBack.brought ?? {};
}

/**
 * What the bar shows on this page; undefined where nobody waits, or this is the place. `here` is where its end leads without
 * script: this page with what was searched in it, the first one for a form that was refused, whose path has no page.
 */
export function shownWayBack({
  session,
  path,
  method,
  originalUrl,
}: Request): (WayBack & { here: string }) | undefined {
  const wayBack = session?.wayBack;
  const isShown = wayBack !== undefined && !`${path}/`.startsWith(`${wayBack.home}/`);
  return isShown ? { ...wayBack, here: method === 'GET' ? originalUrl : '/' } : undefined;
}
