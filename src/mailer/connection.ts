import type { Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { replyOf } from './reply.js';
import type { Reply } from './reply.js';
import type { Relay } from './relay.js';
import { Session } from './session.js';
import type { Extensions } from './session.js';
import { ConnectionLost, Wire } from './wire.js';

/** The relay can't be used: unreachable, no TLS, sign-in refused. Concerns no mail in particular. */
export class RelayDown extends Error {
  constructor(
    message: string,
    readonly host: string,
    readonly reply?: Reply,
  ) {
    super(message);
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
  const connection = new SMTPConnection(optionsOf(relay));
  try {
    await greet(connection);
    const extensions = extensionsOf(connection.lastServerResponse);
    await signIn(connection, relay);
    return takeOver(connection, relay, extensions);
  } catch (error) {
    connection.close();
    throw asRelayDown(error, relay);
  }
}

function optionsOf(relay: Relay): SMTPConnectionOptions {
  return {
    host: relay.host,
    port: relay.port,
    secure: relay.tls === 'implicit',
    requireTLS: relay.tls === 'required',
    ignoreTLS: relay.tls === 'off',
    connectionTimeout: relay.patience.connect,
    greetingTimeout: relay.patience.greeting,
    socketTimeout: relay.patience.command,
    maxResponseSize: 65_536,
    allowInternalNetworkInterfaces: true,
    tls: { rejectUnauthorized: relay.verifiesCertificate },
    ...(relay.name === undefined ? {} : { name: relay.name }),
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
    connection.login({ user: login.user, pass: login.password }, (error) => (error ? reject(error) : resolve()));
  });
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
  return `The connection broke (${error.originalCode ?? error.code ?? error.message})`;
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

function asRelayDown(error: unknown, relay: Relay): RelayDown {
  const failure: Failure = error instanceof Error ? error : new Error(String(error));
  const reply = failure.response === undefined ? undefined : replyOf(failure.response);
  const host = `${relay.host}:${relay.port}`;
  return new RelayDown(reply?.text ?? failure.message, host, reply);
}
