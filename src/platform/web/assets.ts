import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotFound } from '../errors.js';
import { packageDir, projectDir } from './folders.js';
import { iconSprite } from './icons.js';
import type { Express, Request, Response } from 'express';

/** Files of packages that pages load; served from node_modules under `/assets/vendor/`. */
const VENDOR = new Map([
  ['htmx.js', ['htmx.org', 'dist/htmx.min.js']],
  ['hx-csp.js', ['htmx.org', 'dist/ext/hx-csp.min.js']],
  ['hx-sse.js', ['htmx.org', 'dist/ext/hx-sse.min.js']],
  ['trix.js', ['trix', 'dist/trix.umd.min.js']],
  ['trix.css', ['trix', 'dist/trix.css']],
] as const);

/** Static files with the hash of their content in the query, so that browsers may keep them for a year. */
export class Assets {
  private readonly hashes = new Map<string, string>();
  private readonly texts = new Map<string, string>();

  constructor(private readonly publicDir = join(projectDir(), 'public')) {}

  /** `/assets/app.css?v=…` */
  url(name: string): string {
    const hash =
      this.hashes.get(name) ??
      createHash('sha256')
        .update(readFileSync(this.path(name)))
        .digest('hex')
        .slice(0, 10);
    this.hashes.set(name, hash);
    return `/assets/${name}?v=${hash}`;
  }

  /** The content of a file that pages carry inside; read once. */
  text(name: string): string {
    const text = this.texts.get(name) ?? readFileSync(this.path(name), 'utf8');
    this.texts.set(name, text);
    return text;
  }

  serve(app: Express): void {
    const icons = iconSprite(join(projectDir(), 'views'), this.publicDir);
    app.get('/assets/icons.svg', (_request: Request, response: Response) => {
      response.setHeader('Cache-Control', 'public, max-age=3600').type('image/svg+xml').send(icons);
    });
    app.get('/assets/*name', (request: Request, response: Response) => {
      const name = ([] as string[]).concat(request.params['name'] ?? []).join('/');
      const path = this.tryPath(name);
      if (path === undefined) {
        response.status(404).type('text').send('There is no such file.');
        return;
      }
      response.setHeader(
        'Cache-Control',
        request.query['v'] === undefined ? 'no-cache' : 'public, max-age=31536000, immutable',
      );
      response.sendFile(path);
    });
  }

  private path(name: string): string {
    const path = this.tryPath(name);
    if (path === undefined) {
      throw new NotFound(`There is no file ${name}.`);
    }
    return path;
  }

  private tryPath(name: string): string | undefined {
    if (name.startsWith('vendor/')) {
      const [, file] = [...VENDOR].find(([vendored]) => name === `vendor/${vendored}`) ?? [];
      return file === undefined ? undefined : join(packageDir(file[0]), file[1]);
    }
    return /^[\w-]+(\/[\w-]+)*\.[\w.]+$/.test(name) ? existing(join(this.publicDir, name)) : undefined;
  }
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}
