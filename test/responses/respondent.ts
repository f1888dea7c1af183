import type { Response } from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import type { World } from '../world.js';

/** What a page's form would send if nothing were typed. */
export interface ReadForm {
  action: string;
  fields: Record<string, string | string[]>;
}

export type Answers = Record<string, string | string[]>;

/** Somebody with a browser who answers by forms alone: follows redirects, keeps cookies, runs no script. */
export class Respondent {
  page!: Response;

  constructor(
    readonly browser: TestAgent,
    readonly path: string,
  ) {}

  static async at(world: World, path: string): Promise<Respondent> {
    const respondent = new Respondent(world.visitor(), path);
    await respondent.open();
    return respondent;
  }

  async open(path = this.path): Promise<this> {
    this.page = await this.browser.get(path).redirects(5);
    return this;
  }

  /** Fills the form and presses Next (or Back). */
  async send(answers: Answers = {}, go: 'next' | 'back' = 'next'): Promise<this> {
    this.page = await this.post(answers, go).redirects(5);
    return this;
  }

  /** The request alone, not followed; for posts in parallel and for what a post answers. */
  post(answers: Answers = {}, go: 'next' | 'back' = 'next', form = this.form) {
    return this.browser
      .post(form.action)
      .type('form')
      .send(encoded({ ...form.fields, ...answers, go }))
      .redirects(0);
  }

  get form(): ReadForm {
    return formOf(this.page.text);
  }

  /** The page without tags, for reading. */
  get text(): string {
    return this.page.text
      .replaceAll(/<(style|script|title)[\s\S]*?<\/\1>/g, '')
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/&#x27;/g, "'")
      .replaceAll(/&quot;/g, '"')
      .replaceAll(/&amp;/g, '&')
      .replaceAll(/\s+/g, ' ')
      .trim();
  }

  get hasForm(): boolean {
    return this.page.text.includes('<form class="survey"');
  }
}

/** Reads the answer form of a page as a browser would serialise it. */
export function formOf(html: string): ReadForm {
  const [, action, inside] = /<form class="survey"[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(html) ?? [];
  if (action === undefined || inside === undefined) {
    throw new Error(`There is no form: ${html.replaceAll(/<style[\s\S]*?<\/style>/g, '').slice(0, 2000)}`);
  }
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of [...inputsIn(inside), ...areasIn(inside), ...selectsIn(inside)]) {
    const before = fields[name];
    fields[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return { action: unescaped(action), fields };
}

function inputsIn(form: string): [string, string][] {
  return [...form.matchAll(/<input\b[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => !/type="(radio|checkbox)"/.test(tag) || / checked/.test(tag))
    .flatMap((tag) => {
      const name = attribute(tag, 'name');
      return name === undefined ? [] : [[name, attribute(tag, 'value') ?? ''] as [string, string]];
    });
}

function areasIn(form: string): [string, string][] {
  return [...form.matchAll(/<textarea\b[^>]*name="([^"]*)"[^>]*>([^<]*)</g)].map(([, name, text]) => [
    unescaped(name!),
    unescaped(text!),
  ]);
}

function selectsIn(form: string): [string, string][] {
  return [...form.matchAll(/<select\b[^>]*name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g)].flatMap(([, name, options]) =>
    [...options!.matchAll(/<option\b[^>]* selected[^>]*>/g)].map(
      ([option]) => [unescaped(name!), attribute(option, 'value') ?? ''] as [string, string],
    ),
  );
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : unescaped(value);
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&#x3D;', '=')
    .replaceAll('&#x60;', '`')
    .replaceAll('&amp;', '&');
}

/** A form body as browsers write it: the same name again for each value. */
export function encoded(fields: Record<string, string | string[] | undefined>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of value === undefined ? [] : Array.isArray(value) ? value : [value]) {
      params.append(name, one);
    }
  }
  return params.toString();
}
