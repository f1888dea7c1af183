import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function starting(environment: Record<string, string>): Promise<{ code: number; words: string }> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...environment }, timeout: 300_000 };
    execFile(process.execPath, ['dist/src/main.js'], options, (error, _out, words) =>
      resolve({ code: Number(error?.code ?? 0), words }),
    );
  });
}

describe('a start that fails', () => {
  it('says why and leaves no database running behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'canvass-start-'));
    await chmod(folder, 0o755);
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
    });
    const { code, words } = await starting({ PORT: String(port), DATA_DIR: folder, DATABASE_URL: '', DEMO: '0' });
    taken.close();
    expect(code).toBe(1);
    expect(words).toContain('EADDRINUSE');
    await expect(readFile(join(folder, 'postgres/postmaster.pid'))).rejects.toThrow('ENOENT');
    await expect(readFile(join(folder, 'canvass.pid'))).rejects.toThrow('ENOENT');
    await rm(folder, { recursive: true });
  });
});
