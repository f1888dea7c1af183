import { AUDIT_ACTIONS } from '../../src/platform/auth/audit_actions.js';
import { loadWords } from '../../src/platform/web/words.js';
import { sourcesOf } from './sources.js';

/** The list itself, and words that only look like actions. */
const LIST = /platform\/auth\/audit_actions\.ts$/;

describe('the actions of the audit log', () => {
  const words = loadWords('views');
  const said = words.getResourceBundle('en', 'translation').brands.audit.actions as Record<string, object>;

  it('all have words, and all words have an action', () => {
    const inWords = Object.entries(said).flatMap(([noun, verbs]) =>
      Object.keys(verbs).map((verb) => `${noun}.${verb}`),
    );
    expect(inWords.sort()).toEqual([...AUDIT_ACTIONS].sort());
  });

  it('are all recorded somewhere, and nothing is recorded that is not listed', () => {
    const source = sourcesOf('src', '.ts')
      .filter(({ path }) => !LIST.test(path))
      .map(({ text }) => text)
      .join('\n');
    expect(AUDIT_ACTIONS.filter((action) => !source.includes(`'${action}'`))).toEqual([]);
    const recorded = [...source.matchAll(/\.record\(\s*unit,\s*[^,;]+,\s*'([^']+)'/g)].map(([, action]) => action);
    expect(recorded.length).toBeGreaterThan(30);
    expect(recorded.filter((action) => !(AUDIT_ACTIONS as readonly string[]).includes(action!))).toEqual([]);
  });
});
