import { readConfig } from '../../../src/platform/config.js';
import { Invalid, LimitReached } from '../../../src/platform/errors.js';
import { type Pure, task, type Task } from '../../../src/platform/tasks/task.js';
import type { readSurveyFile } from '../../../src/surveys/uploads/read-survey-file.task.js';
import { TaskPool } from '../../../src/platform/tasks/task_pool.js';

const READING = new URL('../../../src/surveys/uploads/read-survey-file.task.js', import.meta.url);
const hostile = <Work extends Pure>(name: string, seconds = 60): Task<Work> =>
  task<Work>(new URL('./hostile.task.mjs', import.meta.url), name, { what: 'This file', field: 'file', seconds });
const ADDED = hostile<(one: number, other: number) => number>('added');
const RESTS = hostile<(ms: number) => Promise<string>>('rests');

describe('Work on what authors bring', () => {
  let pool: TaskPool;
  beforeEach(() => {
    pool = new TaskPool(readConfig({ TASK_PROCESSES: '2', TASK_MEMORY_MB: '64' }));
  });
  afterEach(() => pool.onModuleDestroy());

  it('takes plain values and gives plain values', async () => {
    await expect(pool.run(ADDED, [1, 2], 'acme')).resolves.toBe(3);
  });

  it('is ended when it takes longer than it may, and the next is done', async () => {
    const endless = pool.run(hostile<() => void>('neverEnds', 1), [], 'acme');
    await expect(endless).rejects.toThrow('This file takes more time to work through than it may (1 s).');
    await expect(pool.run(ADDED, [1, 2], 'acme')).resolves.toBe(3);
  });

  it.each(['growsByObjects', 'growsByTexts', 'growsByOneList'])(
    'is ended when it takes more memory than it may, and the next is done: %s',
    async (name) => {
      const grown = await pool.run(hostile<() => void>(name), [], 'acme').catch((error: unknown) => error);
      expect(grown).toBeInstanceOf(Invalid);
      expect((grown as Invalid).fields['file']).toContain('takes more memory to work through than it may (64 MB)');
      await expect(pool.run(ADDED, [1, 2], 'acme')).resolves.toBe(3);
    },
  );

  it('says refusals in the words that the work found, and mistakes of ours as they are', async () => {
    const reading = task<typeof readSurveyFile>(READING, 'readSurveyFile', { what: 'This file', seconds: 60 });
    const refused = await pool.run(reading, [Buffer.from('{}')], 'acme').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Invalid);
    expect((refused as Invalid).fields).toEqual({
      file: 'It is not a survey file: SurveyEntry or SurveyElements is missing.',
    });
    await expect(pool.run(hostile<() => void>('fails'), [], 'acme')).rejects.toThrow('A mistake of ours');
  });

  it('is given none of the settings', async () => {
    await expect(pool.run(hostile<() => string[]>('seesSettings'), [], 'acme')).resolves.toEqual([]);
  });

  it('is refused when a brand has much waiting already, while other brands are served', async () => {
    const own = Array.from({ length: 12 }, () => pool.run(RESTS, [300], 'acme').catch((error: unknown) => error));
    await expect(pool.run(ADDED, [1, 2], 'globex')).resolves.toBe(3);
    const answers = await Promise.all(own);
    const refused = answers.filter((answer) => answer instanceof LimitReached);
    expect(refused).toHaveLength(3);
    expect(refused[0]).toMatchObject({ code: 'BUSY', message: expect.stringContaining('try again in a minute') });
    expect(answers.filter((answer) => answer === 'rested')).toHaveLength(9);
  });

  it('ends with the process that asked, and says that it is being restarted', async () => {
    const both = [1, 2].map(() => pool.run(hostile<() => void>('neverEnds'), [], 'acme'));
    pool.onModuleDestroy();
    const reason = expect.objectContaining({ message: expect.stringContaining('This server is being restarted.') });
    await expect(Promise.allSettled(both)).resolves.toMatchObject([{ reason }, { reason }]);
  });
});
