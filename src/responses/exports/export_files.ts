import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import yazl from 'yazl';
import { Config } from '../../platform/config.js';
import { privateFolder } from '../../platform/private_folder.js';

/** Files of exports in the installation's own folder; the database knows which belongs to whom. */
@Injectable()
export class ExportFiles {
  constructor(private readonly config: Config) {}

  /**
   * Writes the pieces as they come, so that memory stays flat whatever their number.
   * @param name of the file inside the zip; without one the file is plain
   */
  async write(id: string, pieces: AsyncIterable<string | Buffer>, name: string | undefined): Promise<string> {
    const folder = join(this.config.dataDir, 'exports');
    await privateFolder(folder);
    const path = join(folder, `${id}${name === undefined ? '.part' : '.zip'}`);
    const source = Readable.from(pieces, { objectMode: false, highWaterMark: 256 * 1024 });
    const target = createWriteStream(path, { mode: 0o600 });
    if (name === undefined) {
      await pipeline(source, target);
    } else {
      await zipped(source, target, name);
    }
    return path;
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }
}

async function zipped(source: Readable, target: NodeJS.WritableStream, name: string): Promise<void> {
  const zip = new yazl.ZipFile();
  // The zip ends by itself only when its source does; a source that fails must fail the whole.
  const failed = new Promise<never>((_, reject) => source.once('error', reject));
  zip.addReadStream(source, name, { mtime: new Date(0) });
  zip.end();
  await Promise.race([pipeline(zip.outputStream, target), failed]);
}
