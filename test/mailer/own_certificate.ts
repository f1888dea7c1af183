import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate for one name, signed by itself. */
export async function ownCertificate(name: string): Promise<{ certificate: string; key: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'canvass-tls-'));
  const [keyFile, file] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-days', '2', '-nodes'];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', keyFile, '-out', file, ...subject];
  execFileSync('openssl', made, { stdio: 'ignore' });
  return { certificate: await readFile(file, 'utf8'), key: await readFile(keyFile, 'utf8') };
}
