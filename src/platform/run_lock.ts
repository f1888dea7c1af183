import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadConfiguration } from './config.js';

/**
 * One Canvass per data folder: a second one would stop the first one's database when it ends.
 * @returns releases the folder
 * @throws {BadConfiguration} while another process of ours runs on it
 */
export async function takeRunLock(dataDir: string): Promise<() => Promise<void>> {
  const path = join(dataDir, 'canvass.pid');
  const other = Number(await readFile(path, 'utf8').catch(() => ''));
  if (Number.isInteger(other) && other > 0 && other !== process.pid && (await isOurs(other))) {
    throw new BadConfiguration([`DATA_DIR ${dataDir} is in use by process ${other}; stop it or choose another folder`]);
  }
  await writeFile(path, String(process.pid));
  return () => rm(path, { force: true });
}

/** After a crash the number may belong to any program; only a Node program counts. */
async function isOurs(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'main.js');
  return /main\.js/.test(command);
}
