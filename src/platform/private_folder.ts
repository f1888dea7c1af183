import { chmod, mkdir } from 'node:fs/promises';

/** A folder that no other user of the machine enters, also where one with wider rights is there already. */
export async function privateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
}
