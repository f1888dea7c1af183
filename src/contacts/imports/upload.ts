import { Invalid } from '../../platform/errors.js';
import type { Upload } from './contact_imports.service.js';
import type { ImportFiles } from './import_files.js';

/** A file as the upload middleware leaves it. */
export interface SentFile {
  originalname: string;
  path: string;
  size: number;
}

/** What was sent: a file, or pasted rows that become one. @throws {Invalid} where there is neither */
export async function uploadOf(files: ImportFiles, file: SentFile | undefined, pasted: string): Promise<Upload> {
  if (file !== undefined) {
    return { name: file.originalname, path: file.path, bytes: file.size };
  }
  if (pasted.trim() === '') {
    throw new Invalid('Choose a file, or paste rows.', { file: 'Choose a file, or paste rows below.' });
  }
  return { name: 'Pasted rows', ...(await files.write(pasted)) };
}
