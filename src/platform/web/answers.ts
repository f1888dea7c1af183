import { ExpressAdapter } from '@nestjs/platform-express';
import type { CookieOptions, Response } from 'express';
import { Invalid, LimitReached } from '../errors.js';
import { flash, type FlashKind } from './session/flash.js';

/** What a browser keeps for us; `options` as Express has them. */
export interface Cookie {
  name: string;
  value: string;
  options: CookieOptions;
}

/** What an action answers with; it never touches the response itself. */
export abstract class Answer {
  private readonly news: { kind: FlashKind; text: string }[] = [];
  private readonly cookies: Cookie[] = [];

  /** Says something on the next page that this person opens. */
  saying(text: string, kind: FlashKind = 'success'): this {
    this.news.push({ kind, text });
    return this;
  }

  /** Has the browser keep something, or forget it. */
  keeping(cookie: Cookie): this {
    this.cookies.push(cookie);
    return this;
  }

  async to(response: Response): Promise<void> {
    this.cookies.forEach(({ name, value, options }) => response.cookie(name, value, options));
    this.news.forEach(({ kind, text }) => flash(response.req, kind, text));
    await this.write(response);
  }

  protected abstract write(response: Response): Promise<void> | void;
}

class Drawn extends Answer {
  constructor(
    private readonly view: string,
    private readonly model: object,
    private readonly status: number,
    private readonly headers: Record<string, string>,
  ) {
    super();
  }

  protected write(response: Response): void {
    response.status(this.status).set(this.headers).render(this.view, this.model);
  }
}

class GoneTo extends Answer {
  constructor(private readonly path: string) {
    super();
  }

  protected write(response: Response): void {
    // Without a body: nobody sees it, and Express would negotiate one.
    response.status(303).location(this.path).end();
  }
}

class LedTo extends Answer {
  constructor(private readonly path: string) {
    super();
  }

  protected write(response: Response): void {
    response.set('HX-Redirect', this.path).status(200).end();
  }
}

/** A page, or a part where the view's name begins with `_`. @param headers that tell a script what to do with it */
export function drawn(view: string, model: object, status = 200, headers: Record<string, string> = {}): Answer {
  return new Drawn(view, model, status, headers);
}

/** On to another page, after a change. @param path of this installation; one that a request names is checked before */
export function goneTo(path: string): Answer {
  return new GoneTo(path);
}

/** On to another page, where a script waits for parts of its own (200, HX-Redirect). @param path as in `goneTo` */
export function ledTo(path: string): Answer {
  return new LedTo(path);
}

/** What `shared/_errors` shows, and the messages beside the fields. */
export interface Faults {
  errors: { name: string; text: string }[];
  fields: Record<string, string>;
}

export const NO_FAULTS: Faults = { errors: [], fields: {} };

/** A form that is drawn again: its view, and what stands in it. */
export interface FormAgain {
  view: string;
  model: object;
}

/**
 * Runs `act`; when it refuses what was typed, the form is drawn again (422) with what stands in it and why; so it is when
 * it comes too soon (429, with Retry-After): nothing that was written is lost. Every other refusal goes its usual way.
 */
export async function orFormAgain(
  act: () => Promise<Answer>,
  again: (faults: Faults) => FormAgain | Promise<FormAgain>,
): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof LimitReached) {
      const { view, model } = await again({ errors: [{ name: '', text: error.message }], fields: {} });
      return new Drawn(view, model, 429, retryAfter(error));
    }
    if (error instanceof Invalid) {
      const { view, model } = await again(faultsOf(error));
      return new Drawn(view, model, 422, {});
    }
    throw error;
  }
}

function retryAfter({ retryAfter: seconds }: LimitReached): Record<string, string> {
  return seconds === undefined ? {} : { 'Retry-After': String(seconds) };
}

/** A refusal of what was typed: one line a field, or the sentence alone. */
export function faultsOf({ fields, message }: Invalid): Faults {
  const errors = Object.entries(fields).map(([name, text]) => ({ name, text }));
  return { errors: errors.length === 0 ? [{ name: '', text: message }] : errors, fields };
}

/** Nest's way to Express, which knows what an `Answer` is; everything else is sent as ever. */
export class AnsweringAdapter extends ExpressAdapter {
  override reply(response: Response, body: unknown, status?: number): unknown {
    return body instanceof Answer ? body.to(response) : super.reply(response, body, status);
  }
}
