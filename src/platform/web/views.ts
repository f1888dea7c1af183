import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import Handlebars from 'handlebars';
import type { Express, NextFunction, Request, Response } from 'express';
import { consoleAccentCss, respondentAccentCss } from './accent.js';
import { addressNamed } from './addresses.js';
import { Assets } from './assets.js';
import { projectDir } from './folders.js';
import { SafeHtml } from './html/safe_html.js';
import { loadWords, type Say } from './words.js';

type Template = Handlebars.TemplateDelegate;

/** What every template may read as `@name`: the same for pages, parts and layouts of one request. */
export interface PageContext {
  nonce: string;
  /** The token of forms, made when one is drawn: parts copy the context with all that stands in it. */
  csrf: string | { toString(): string };
  path: string;
  me?: unknown;
  /** Takes the sentences that wait for the person's next page; layouts show them as `@flash`. */
  takeFlash?: () => { kind: string; text: string }[];
  /** The way back to a page that waits for something; layouts show it as `@wayBack`. */
  wayBack?: () => object | undefined;
  devMailbox?: boolean;
  [name: string]: unknown;
}

/** Our own Handlebars files, compiled at boot. Texts of customers never come here. */
export class Views {
  private readonly templates = new Map<string, Template>();
  private readonly engine = Handlebars.create();
  readonly dir: string;
  readonly words;

  constructor(
    private readonly assets = new Assets(),
    dir = join(projectDir(), 'views'),
  ) {
    this.dir = dir;
    this.words = loadWords(dir);
    this.helpers();
    for (const name of templateNames(dir)) {
      const source = readFileSync(join(dir, `${name}.hbs`), 'utf8');
      // A part reads the object that it is given and nothing of the page around it.
      const template = this.engine.compile(source, { explicitPartialContext: true, preventIndent: true });
      this.templates.set(name, template);
      this.engine.registerPartial(name, template);
    }
  }

  names(): string[] {
    return [...this.templates.keys()];
  }

  /** The words of one module, for sentences that are put together outside templates. */
  wordsOf(module: string): Say {
    return (key, values) => this.words.t(`${module}.${key}`, values ?? {});
  }

  /** Renders one template without a layout. */
  part(name: string, model: object, context: PageContext): string {
    const template = this.templates.get(name);
    if (template === undefined) {
      throw new Error(`There is no view ${name}`);
    }
    return template(model, { data: context });
  }

  /** Renders a page inside its layout. */
  page(name: string, model: object, context: PageContext, layout: string): string {
    const body = this.part(name, model, context);
    // Taken here and not by a getter: Handlebars reads every value of the context for each part that it draws.
    const flash = context.takeFlash?.() ?? [];
    const around = { ...context, flash, wayBack: context.wayBack?.() };
    return this.part(layout, { ...model, body: new Handlebars.SafeString(body) }, around as PageContext);
  }

  /** Makes `response.render` know parts (`_noun`: no layout), htmx requests for a part of the page, and layouts. */
  install(app: Express): void {
    app.set('views', this.dir);
    app.set('view engine', 'hbs');
    app.engine('hbs', (file, options, done) => {
      try {
        done(null, this.rendered(file, options as RenderOptions));
      } catch (error) {
        done(error);
      }
    });
    app.use((request: Request, response: Response, next: NextFunction) => {
      response.vary('HX-Request-Type');
      response.locals['withoutLayout'] = request.get('HX-Request-Type') === 'partial';
      next();
    });
  }

  private rendered(file: string, options: RenderOptions): string {
    const name = relative(this.dir, file)
      .replace(/\.hbs$/, '')
      .replaceAll('\\', '/');
    const { settings: _settings, _locals, cache: _cache, pageContext, withoutLayout, layout, ...model } = options;
    const isPart = name.slice(name.lastIndexOf('/') + 1).startsWith('_');
    return isPart || withoutLayout === true
      ? this.part(name, model, pageContext)
      : this.page(name, model, pageContext, layout ?? 'layouts/app');
  }

  private helpers(): void {
    this.engine.registerHelper({
      t: (key: string, { hash }: Handlebars.HelperOptions) => this.words.t(key, hash),
      asset: (name: string) => this.assets.url(name),
      urlOf: (name: string, ...parts: unknown[]) => addressNamed(name, parts.slice(0, -1)),
      number: (value: number | string) => new Intl.NumberFormat('en').format(Number(value)),
      html: (value: unknown) => (value instanceof SafeHtml ? new Handlebars.SafeString(value.text) : value),
      // Both write hexadecimal digits only, whatever they are given.
      consoleAccent: (accent: unknown) => new Handlebars.SafeString(consoleAccentCss(text(accent))),
      respondentAccent: (accent: unknown) => new Handlebars.SafeString(respondentAccentCss(text(accent))),
      // The attributes of a text in another language than what it stands in; nothing for a text in the same one.
      speaks: (own: unknown) => new Handlebars.SafeString(languageAttributes(own)),
      eq: (left: unknown, right: unknown) => left === right,
      // Marks the link to the part of the console that the page belongs to.
      current: (path: string, { data }: Handlebars.HelperOptions) =>
        isWithin(String(data?.path), path) ? new Handlebars.SafeString(' aria-current="page"') : '',
    });
  }
}

interface RenderOptions extends Record<string, unknown> {
  pageContext: PageContext;
  withoutLayout?: boolean;
  layout?: string;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function languageAttributes(own: unknown): string {
  const { lang, dir } = (own ?? {}) as { lang?: string; dir?: string };
  return [lang && ` lang="${Handlebars.escapeExpression(lang)}"`, dir && ` dir="${Handlebars.escapeExpression(dir)}"`]
    .filter(Boolean)
    .join('');
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function templateNames(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.hbs'))
    .map((file) => file.replace(/\.hbs$/, '').replaceAll('\\', '/'));
}
