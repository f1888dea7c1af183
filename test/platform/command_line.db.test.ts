import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../src/command_line.js';
import { freshDatabase, type TestDatabase } from '../database.js';

describe('a command of the operator', () => {
  let database: TestDatabase;
  let environment: Record<string, string>;
  beforeAll(async () => {
    database = await freshDatabase();
    environment = { DATABASE_URL: database.url, SECRET_KEY: randomBytes(32).toString('hex'), PORT: '0' };
  });
  afterAll(() => database.drop());

  async function typed(words: string[], input = '', settings: Record<string, string> = environment) {
    const said = { out: '', err: '' };
    const code = await runCommandLine(words, {
      out: (text) => (said.out += text),
      err: (text) => (said.err += text),
      readLine: () => Promise.resolve(input),
      environment: settings,
    });
    return { code, ...said };
  }

  it.each([[['help']], [['--help']], [['-h']], [[]]])('%j lists all commands', async (words) => {
    const { code, out } = await typed(words, '', {});
    expect(code).toBe(0);
    expect(out).toContain('token:create EMAIL [--name NAME]');
    expect(out).toContain('migrate');
  });

  it.each([[['help', 'user:create']], [['user:create', '--help']]])('%j tells about one', async (words) => {
    const { code, out } = await typed(words, '', {});
    expect([code, out.includes('--password-stdin'), out.includes('token:create')]).toEqual([0, true, false]);
  });

  it.each([
    [['token:crate', 'ada@acme.example'], 'There is no command “token:crate”'],
    [['help', 'nonsense'], 'There is no command “nonsense”'],
    [['token:create'], 'EMAIL is missing.'],
    [['token:create', 'ada@acme.example', '--brand', 'acme'], '--brand'],
    [['user:create', 'a@acme.example', '--password', 'correct horse battery'], '--password is not taken'],
    [['user:create', 'a@acme.example', '--password=correct horse battery'], '--password-stdin < FILE'],
    [['brand:create', 'Acme', 'Research'], '“Research” is one word too many'],
  ])('%j is not understood: exit 2 with what is wrong, and nothing is touched', async (words, problem) => {
    const { code, out, err } = await typed(words, '', { DATA_DIR: '/nowhere' });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(problem);
  });

  it('makes no second installation where the server’s environment is missing, and says where it looked', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'canvass-command-'));
    for (const dataDir of [folder, join(folder, 'not-there')]) {
      const { code, err } = await typed(['user:sign-in-link', 'ada@acme.example'], '', { DATA_DIR: dataDir });
      expect(code).toBe(1);
      expect(err).toContain('There is no installation where this command looked');
      expect(err).toContain(dataDir);
      expect(err).toContain('.env');
    }
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('adds people and tokens, with the password from its input, and no token that nothing would take', async () => {
    expect((await typed(['brand:create', 'Acme'])).out).toContain('has the slug acme');
    const ada = ['user:create', 'ada@acme.example', '--type', 'standard', '--password-stdin'];
    expect(await typed(ada, 'correct horse battery')).toMatchObject({ code: 0, out: 'ada@acme.example can sign in.' });
    expect((await typed(['token:create', 'ada@acme.example'])).out).toMatch(/^cv_/);
    await typed(['user:create', 'vic@acme.example', '--type', 'viewer']);
    const refused = await typed(['token:create', 'vic@acme.example']);
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain('“Use the API” is off');
    expect((await typed(['token:create', 'nobody@acme.example'])).err).toContain('Nobody signs in as');
    expect((await typed(['user:create', 'x@acme.example', '--type', 'king'])).code).toBe(1);
    const weak = await typed(['user:create', 'y@acme.example', '--password-stdin'], 'Qwertyuiop[]2026');
    expect([weak.code, weak.err.includes('guessing tools try')]).toEqual([1, true]);
  });
});
