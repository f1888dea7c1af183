import { exampleDefinition } from '../../src/engine/definition.js';
import { KeptVersions } from '../../src/surveys/kept_versions.js';

describe('Published versions in memory', () => {
  it('are read once, and go by their number and their size, what was asked for longest ago first', async () => {
    const reads: string[] = [];
    const kept = new KeptVersions({ versions: 3, bytes: 100 });
    const ask = (key: string, bytes = 10): Promise<object> =>
      kept.of(key, () => {
        reads.push(key);
        return Promise.resolve({ definition: exampleDefinition(), bytes });
      });
    for (const key of ['a', 'b', 'a', 'c', 'd', 'a']) await ask(key);
    expect(reads).toEqual(['a', 'b', 'c', 'd']);
    await ask('b');
    await ask('large', 1000);
    await ask('large', 1000);
    await ask('a');
    expect(reads).toEqual(['a', 'b', 'c', 'd', 'b', 'large', 'a']);
  });

  it('that could not be read are read again', async () => {
    const kept = new KeptVersions();
    await expect(kept.of('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    await expect(
      kept.of('a', () => Promise.resolve({ definition: exampleDefinition(), bytes: 1 })),
    ).resolves.toBeDefined();
  });
});
