import { sourcesOf } from './sources.js';

/** Tests of the product as a process of its own, which has the machine's clock: their rows bear its time. */
const WITH_PROCESSES = /^test\/(?:distributions\/(?:whole_send\.ts|faults\/)|.*\.fault\.test\.ts)/;

describe('the tests', () => {
  const sources = sourcesOf('test', '.ts');
  const having = (pattern: RegExp): string[] =>
    sources.flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, row) => (pattern.test(line) ? [`${path}:${row + 1}: ${line.trim()}`] : [])),
    );

  it('know no today: their clocks start at a fixed instant, and spans are measured by performance.now()', () => {
    expect(having(/\bnew Date\(\)|\bDate\.now\(\)|\bDateTime\.(now|local|utc)\(\)/)).toEqual([]);
  });

  it('do not ask the database for the time', () => {
    const asking = having(/(?<![.\w])now\(\)(?!:)|\bcurrent_(date|time)|\bCURRENT_(DATE|TIME)/);
    expect(asking.filter((line) => !WITH_PROCESSES.test(line))).toEqual([]);
  });

  it('wait for facts, by `until` or in a browser by what it shows; never so many milliseconds', () => {
    expect(having(/\.waitForTimeout\(|new Promise.*setTimeout\(|\}, \d[\d_]*\);$/)).toEqual([]);
  });
});
