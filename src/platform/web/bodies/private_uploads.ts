import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { privateFolder } from '../../private_folder.js';

interface Kept {
  path: string;
  size: number;
}

/**
 * Uploads on their way to the disk, under names of our own, in files that no other user of the machine reads (a
 * storage engine of multer, whose own leaves them open).
 */
export class PrivateUploads {
  constructor(private readonly folder: string) {}

  _handleFile(_request: unknown, file: { stream: Readable }, done: (error: unknown, kept?: Kept) => void): void {
    this.keep(file.stream).then(
      (kept) => done(null, kept),
      (error: unknown) => done(error),
    );
  }

  _removeFile(_request: unknown, { path }: Kept, done: (error: Error | null) => void): void {
    rm(path, { force: true }).then(
      () => done(null),
      (error: unknown) => done(error as Error),
    );
  }

  /** An upload that breaks off leaves nothing behind. */
  private async keep(stream: Readable): Promise<Kept> {
    await privateFolder(this.folder);
    const path = join(this.folder, randomBytes(16).toString('hex'));
    const target = createWriteStream(path, { mode: 0o600, flags: 'wx' });
    try {
      await pipeline(stream, target);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { path, size: target.bytesWritten };
  }
}
