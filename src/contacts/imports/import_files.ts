import { randomBytes } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config.js';
import { privateFolder } from '../../platform/private_folder.js';

export const MAX_FILE_BYTES = 250_000_000;

/** Uploaded files wait here under names of our own until their import is over. */
@Injectable()
export class ImportFiles {
  readonly folder: string;

  constructor(config: Config) {
    this.folder = folderOf(config);
  }

  /** Keeps pasted text as a file. */
  async write(text: string): Promise<{ path: string; bytes: number }> {
    await privateFolder(this.folder);
    const path = join(this.folder, randomBytes(16).toString('hex'));
    await writeFile(path, text, { mode: 0o600 });
    return { path, bytes: (await stat(path)).size };
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }
}

export function folderOf(config: Config): string {
  return join(config.dataDir, 'imports');
}
