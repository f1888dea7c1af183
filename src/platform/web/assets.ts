import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { NotFound } from '../errors.js';
import { packageDir, projectDir } from './folders.js';
import { iconSprite } from './icons.js';
import type { Express, Request, Response } from 'express';

/**
 * Files of packages that pages load; served from node_modules under `/assets/vendor/`. htmx begins as soon as its own
 * script has run, so its extensions come in the same one: loaded after it, they would miss the page that they guard.
 */
const VENDOR = new Map([
  ['htmx.js', ['htmx.org', 'dist/htmx.min.js', 'dist/ext/hx-csp.min.js', 'dist/ext/hx-sse.min.js']],
  ['trix.js', ['trix', 'dist/trix.umd.min.js']],
  ['trix.css', ['trix', 'dist/trix.css']],
]);

/** Static files with the hash of their content in the query, so that browsers may keep them for a year. */
export class Assets {
  private readonly hashes = new Map<string, string>();
  private readonly texts = new Map<string, string>();

  constructor(private readonly publicDir = join(projectDir(), 'public')) {}

  /** `/assets/app.css?v=…` */
  url(name: string): string {
    const hash = this.hashes.get(name) ?? createHash('sha256').update(this.text(name)).digest('hex').slice(0, 10);
    this.hashes.set(name, hash);
    return `/assets/${name}?v=${hash}`;
  }

  /** The content of a file that pages carry inside; read once. */
  text(name: string): string {
    const text = this.texts.get(name) ?? textOf(this.paths(name));
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
      const [path, ...further] = this.tryPaths(name);
      if (path === undefined) {
        response.status(404).type('text').send('There is no such file.');
        return;
      }
      response.setHeader(
        'Cache-Control',
        request.query['v'] === undefined ? 'no-cache' : 'public, max-age=31536000, immutable',
      );
      if (further.length > 0) {
        response.type(extname(name)).send(this.text(name));
      } else {
        response.sendFile(path);
      }
    });
  }

  private paths(name: string): string[] {
    const paths = this.tryPaths(name);
    if (paths.length === 0) {
      throw new NotFound(`There is no file ${name}.`);
    }
    return paths;
  }

  private tryPaths(name: string): string[] {
    if (name.startsWith('vendor/')) {
      const [from, ...files] = VENDOR.get(name.slice('vendor/'.length)) ?? [];
      return from === undefined ? [] : files.map((file) => join(packageDir(from), file));
    }
    return /^[\w-]+(\/[\w-]+)*\.[\w.]+$/.test(name) ? [join(this.publicDir, name)].filter(existsSync) : [];
  }
}

function textOf(paths: string[]): string {
  return paths.map((path) => readFileSync(path, 'utf8')).join('\n');
}
