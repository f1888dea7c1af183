import Handlebars from 'handlebars';
import { Views } from '../../src/platform/web/views.js';
import { sourcesOf } from './sources.js';

describe('the views', () => {
  const views = new Views();
  const templates = sourcesOf('views', '.hbs');

  it('all compile', () => {
    expect(views.names().length).toBe(templates.length);
  });

  it('print unescaped text in layouts only', () => {
    const unescaped = templates.filter(({ path, text }) => text.includes('{{{') && !path.startsWith('views/layouts/'));
    expect(unescaped.map(({ path }) => path)).toEqual([]);
  });

  it('carry no inline styles, scripts or event attributes', () => {
    const inline = templates.filter(({ text }) => /\sstyle="|\son[a-z]+="|<script(?![^>]*\bsrc=)/.test(text));
    expect(inline.map(({ path }) => path)).toEqual([]);
  });

  it('quote every attribute that holds a value of ours', () => {
    const unquoted = templates.filter(({ text }) =>
      /\s[a-z-]+=\{\{/.test(text.replaceAll(/\{\{[#>/]?[^}]*=[^}]*\}\}/g, '')),
    );
    expect(unquoted.map(({ path }) => path)).toEqual([]);
  });

  it('have a nonce on every element that htmx may act on', () => {
    const bare: string[] = [];
    for (const { path, text } of templates) {
      for (const [tag] of text.matchAll(/<[a-z](?:"[^"]*"|[^"<>])*\shx-(?!nonce|ignore)(?:"[^"]*"|[^"<>])*>/g)) {
        if (!tag.includes('hx-nonce')) {
          bare.push(`${path}: ${tag.slice(0, 80)}`);
        }
      }
    }
    expect(bare).toEqual([]);
  });

  it('carry the CSRF token in every form that changes something', () => {
    const bare = templates.filter(({ path, text }) => {
      const forms = [...text.matchAll(/<form\b[^>]*method="post"[\s\S]*?<\/form>/gi)].map(([form]) => form);
      return !isRespondent(path) && forms.some((form) => !form.includes('_csrf'));
    });
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  it('use only words that exist', () => {
    const missing: string[] = [];
    for (const { path, text } of templates) {
      for (const [, key] of text.matchAll(/\{\{\{?~?#?(?:t|\w+ .*?\(t) ['"]([^'"]+)['"]/g)) {
        const forms = [key!, `${key!}_one`, `${key!}_other`];
        if (!forms.some((form) => views.words.exists(form))) {
          missing.push(`${path}: ${key!}`);
        }
      }
    }
    expect(missing).toEqual([]);
  });

  it('give every part the object that it reads: nothing leaks in from the page around', () => {
    const bare = templates.flatMap(({ path, text }) =>
      [...text.matchAll(/\{\{> ?([\w/]+) ?\}\}/g)]
        .map(([, name]) => name!)
        .filter((name) => reads(templates.find((template) => template.path === `views/${name}.hbs`)?.text ?? ''))
        .map((name) => `${path}: ${name}`),
    );
    expect(bare).toEqual([]);
  });

  it('stay small enough to read: 80 lines at most', () => {
    const long = templates.filter(({ text }) => text.trimEnd().split('\n').length > 80);
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});

/** Respondents have no session; the link is their right, and the page key guards the walk. */
function isRespondent(path: string): boolean {
  return (
    /^views\/(responses|distributions)\/(?:_?page|_elsewhere|begun|code|start|walk|opt_|refus|survey)/.test(path) ||
    path.includes('opt_out')
  );
}

/** A part that prints only words and `@context` needs no object. */
function reads(text: string): boolean {
  const found: string[] = [];
  const visitor = new Handlebars.Visitor();
  visitor.PathExpression = ({ data, original }) => {
    if (!data && !['if', 'unless', 't', 'asset', 'current', 'urlOf'].includes(original)) {
      found.push(original);
    }
  };
  // The name of a part is a path, too, but nothing that it reads.
  visitor.PartialStatement = ({ params }) => visitor.acceptArray(params);
  visitor.accept(Handlebars.parse(text));
  return found.length > 0;
}
