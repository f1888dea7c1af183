import { isIP, type Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SMTPConnectionCustomAuthContext, SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { foreignWords } from '../platform/foreign/foreign_words.js';
import { replyOf } from './reply.js';
import type { Reply } from './reply.js';
import type { Login, Relay } from './relay.js';
import { Session } from './session.js';
import type { Extensions } from './session.js';
import { ConnectionLost, Wire } from './wire.js';

/** The relay can't be used: unreachable, no TLS, sign-in refused. Concerns no mail in particular. */
export class RelayDown extends Error {
  constructor(
    message: string,
    readonly host: string,
    readonly reply?: Reply,
    /** What failed: reaching it, encrypting, or signing in. */
    readonly step: 'connect' | 'tls' | 'sign_in' = 'connect',
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

interface Failure extends Error {
  response?: string;
  originalCode?: string;
  code?: string;
}

/**
 * Connects, greets, upgrades and signs in by nodemailer's connection, then takes over its socket: nodemailer knows the
 * many ways servers greet and authenticate; its `send` can't stop between RCPT and DATA, can't say whether the final
 * dot had left when the way broke, and costs several times the processor time (bench/email.ts).
 *
 * @throws {RelayDown}
 */
export async function openSession(relay: Relay): Promise<Session> {
  const connection = new SMTPConnection(optionsOf(relay, await addressOf(relay)));
  try {
    await greet(connection);
    const extensions = extensionsOf(connection.lastServerResponse);
    await signIn(connection, relay);
    return takeOver(connection, relay, extensions);
  } catch (error) {
    const down = asRelayDown(error, relay, connection.upgrading === true);
    connection.close();
    throw down;
  }
}

async function addressOf(relay: Relay): Promise<string> {
  if (relay.addressOf === undefined) return relay.host;
  try {
    return await relay.addressOf();
  } catch (error) {
    throw asRelayDown(error, relay);
  }
}

function optionsOf(relay: Relay, address: string): SMTPConnectionOptions {
  return {
    host: address,
    ...(isIP(relay.host) === 0 ? { servername: relay.host } : {}),
    port: relay.port,
    secure: relay.tls === 'implicit',
    requireTLS: relay.tls === 'required',
    ignoreTLS: relay.tls === 'off',
    connectionTimeout: relay.patience.connect,
    greetingTimeout: relay.patience.greeting,
    socketTimeout: relay.patience.command,
    maxResponseSize: 65_536,
    allowInternalNetworkInterfaces: true,
    tls: { rejectUnauthorized: relay.verifiesCertificate, ...(relay.ca === undefined ? {} : { ca: relay.ca }) },
    ...(relay.name === undefined ? {} : { name: relay.name }),
    ...(relay.login?.method === 'XOAUTH2' ? { customAuth: { XOAUTH2: tokenSignIn(relay.login) } } : {}),
  };
}

function greet(connection: SMTPConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.on('error', reject);
    connection.once('end', () => reject(new Error('The server closed the connection')));
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
}

function signIn(connection: SMTPConnection, relay: Relay): Promise<void> {
  const { login } = relay;
  if (!login) return Promise.resolve();
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    connection.once('end', () => reject(new Error('The server closed the connection')));
    const { user, method } = login;
    const words = { user, ...(method === undefined ? {} : { method }) };
    const credentials = 'password' in login ? { ...words, pass: login.password } : words;
    connection.login(credentials, (error) => (error ? reject(error) : resolve()));
  });
}

type TokenLogin = Extract<Login, { method: 'XOAUTH2' }>;

/** A refused token may only be old: it is renewed once. */
function tokenSignIn(login: TokenLogin): (context: SMTPConnectionCustomAuthContext) => Promise<void> {
  return async (context): Promise<void> => {
    const offer = async (isRenewal: boolean): Promise<{ status: number; text: string }> => {
      const words = `user=${login.user}\x01auth=Bearer ${await login.token(isRenewal)}\x01\x01`;
      const { status, text } = await context.sendCommand(`AUTH XOAUTH2 ${Buffer.from(words).toString('base64')}`);
      // The server tells its reason in a challenge that an empty answer ends.
      return status === 334 ? context.sendCommand('') : { status, text };
    };
    let answer = await offer(false);
    if (answer.status >= 500) answer = await offer(true);
    if (answer.status !== 235) throw new Error(answer.text);
  };
}

/**
 * From here on only our wire reads the socket. Nodemailer's connection stays as the watchman of its end: it reports
 * errors and the close of the socket by its own events.
 */
function takeOver(connection: SMTPConnection, relay: Relay, extensions: Extensions): Session {
  // eslint-disable-next-line no-underscore-dangle -- in nodemailer's published types; there is no other way to its socket
  const socket: Socket | false | null = connection._socket;
  if (!socket || socket.destroyed) throw new Error('The server closed the connection');
  socket.removeAllListeners('data');
  socket.setTimeout(0);
  const wire = new Wire(socket);
  connection.on('error', (error: Failure) => wire.fail(new ConnectionLost(lossText(error), { cause: error })));
  connection.on('end', () => wire.fail(new ConnectionLost('The server closed the connection')));
  const peer = { host: `${relay.host}:${relay.port}`, ip: socket.remoteAddress ?? '', tls: connection.secure };
  return new Session(wire, peer, extensions, relay.patience);
}

function lossText(error: Failure): string {
  return `The connection broke (${error.originalCode ?? error.code ?? foreignWords(error.message)})`;
}

/** The last thing the server said before sign-in is its answer to EHLO. */
function extensionsOf(ehlo: string | false): Extensions {
  const text = ehlo === false ? '' : ehlo;
  return {
    pipelining: /[ -]PIPELINING\b/im.test(text),
    smtpUtf8: /[ -]SMTPUTF8\b/im.test(text),
    size: Number(/[ -]SIZE[ \t]+(\d+)/im.exec(text)?.[1] ?? 0),
  };
}

/** @param isUpgrading whether it broke in the middle of a TLS handshake after STARTTLS */
function asRelayDown(error: unknown, relay: Relay, isUpgrading = false): RelayDown {
  const failure: Failure = error instanceof Error ? error : new Error(String(error));
  const reply = failure.response === undefined ? undefined : replyOf(failure.response);
  const host = `${relay.host}:${relay.port}`;
  const step = isUpgrading ? 'tls' : (STEPS[failure.code ?? ''] ?? 'connect');
  const words = reply?.text ?? foreignWords(failure.message.replace(/^Error: /, '')); // nodemailer wraps those of Node
  return new RelayDown(words, host, reply, step, error);
}

const STEPS: Record<string, RelayDown['step']> = { EAUTH: 'sign_in', ENOAUTH: 'sign_in', ETLS: 'tls' };
