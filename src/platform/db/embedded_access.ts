import { randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';

/** How the embedded server is reached: kept in a file that only its owner reads. */
export interface Access {
  port: number;
  /** Of `canvass`, the superuser that `initdb` makes; used to set up the owner of the tables and for nothing else. */
  password: string;
  ownerPassword: string;
}

/** The role that owns the tables and that the product connects as: no superuser, so no statement reaches files or programs. */
export const OWNER = 'canvass_owner';

/** The address that the product connects by. */
export function ownerUrl({ port, ownerPassword }: Access): string {
  return `postgresql://${OWNER}:${ownerPassword}@127.0.0.1:${port}/postgres`;
}

/** The address of the superuser. */
export function superuserUrl({ port, password }: Pick<Access, 'port' | 'password'>): string {
  return `postgresql://canvass:${password}@127.0.0.1:${port}/postgres`;
}

/** What the file says, or undefined where there is none; files of older versions know no password of the owner. */
export async function readAccess(file: string): Promise<Access | undefined> {
  try {
    await chmod(file, 0o600);
    const kept = JSON.parse(await readFile(file, 'utf8')) as Partial<Access>;
    return { ownerPassword: newPassword(), ...kept } as Access;
  } catch {
    return undefined;
  }
}

export async function keepAccess(file: string, access: Access): Promise<void> {
  await writeFile(file, JSON.stringify(access), { mode: 0o600 });
}

export function newPassword(): string {
  return randomBytes(24).toString('hex');
}
