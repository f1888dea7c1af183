import { Injectable, Logger } from '@nestjs/common';
import { ImapFlow } from 'imapflow';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { Database } from '../platform/db/database.js';
import { LimitReached } from '../platform/errors.js';
import { InboundService, KEPT_BYTES, ToldEnough } from './inbound.service.js';
import { OwnAddresses } from './reading/own_addresses.js';

interface Cursor {
  uidValidity: string;
  lastUid: number;
}

const AT_ONCE = 500;
const PATIENCE_MS = 30_000;

/**
 * Fetches mails from the mailbox of BOUNCE_IMAP_URL. How far it came is in the database, by UIDVALIDITY and UID, and
 * moves on after each mail is committed; read twice, a mail is still kept once. Mails that are not about ours stay as
 * they are.
 */
@Injectable()
export class BounceMailbox {
  private readonly log = new Logger(BounceMailbox.name);
  readonly name: string | undefined;
  private readonly url: URL | undefined;

  constructor(
    config: Config,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly addresses: OwnAddresses,
    private readonly inbound: InboundService,
  ) {
    this.url = config.BOUNCE_IMAP_URL === undefined ? undefined : new URL(config.BOUNCE_IMAP_URL);
    this.name = this.url === undefined ? undefined : `${this.url.username}@${this.url.host}${this.url.pathname}`;
  }

  /** Whether it was not looked into for so long. */
  async isDue(everyMs: number): Promise<boolean> {
    const [row] = await this.database.outsideBrands((unit) =>
      unit.sql<{ at: Date }>('SELECT read_at AS at FROM mailbox_cursors WHERE mailbox = $1', [this.name]),
    );
    return row === undefined || this.clock.ms() - row.at.getTime() >= everyMs;
  }

  /** A mailbox that can't be reached is told and looked into again at the next turn. */
  async fetch(): Promise<void> {
    const { url } = this;
    if (url === undefined) {
      return;
    }
    const client = clientOf(url);
    client.on('error', (error: Error) => this.log.warn(`mailbox for bounces: ${error.message}`));
    try {
      await client.connect();
      await this.readNew(client, decodeURIComponent(url.pathname.slice(1)) || 'INBOX');
      await client.logout();
    } catch (error) {
      this.log.warn(`mailbox for bounces: ${String(error)}`);
      client.close();
    }
  }

  private async readNew(client: ImapFlow, path: string): Promise<void> {
    const lock = await client.getMailboxLock(path);
    try {
      const uidValidity = client.mailbox === false ? '0' : String(client.mailbox.uidValidity);
      const from = await this.cursor(uidValidity);
      const found = (await client.search({ uid: `${from + 1}:*` }, { uid: true })) || [];
      const fresh = found.filter((uid) => uid > from).sort((one, other) => one - other);
      await this.move({ uidValidity, lastUid: from });
      for (const uid of fresh.slice(0, AT_ONCE)) {
        if (!(await this.readOne(client, uid))) {
          return; // too many wait: this one is fetched again
        }
        await this.move({ uidValidity, lastUid: uid });
      }
    } finally {
      lock.release();
    }
  }

  /** @returns false when it has to come again */
  private async readOne(client: ImapFlow, uid: number): Promise<boolean> {
    const mail = await client.fetchOne(String(uid), { source: { maxLength: KEPT_BYTES } }, { uid: true });
    const raw = mail === false ? undefined : mail.source;
    const found = raw === undefined ? undefined : this.addresses.findAddressed(raw);
    if (raw === undefined || found === undefined) {
      return true;
    }
    try {
      await this.inbound.keep({ sender: senderOf(raw), recipient: found.address, raw, source: 'imap' }, found);
    } catch (error) {
      if (!(error instanceof LimitReached)) {
        throw error;
      }
      return error instanceof ToldEnough; // whoever floods one address does not stop the others
    }
    await client.messageFlagsAdd(String(uid), [String.raw`\Seen`], { uid: true });
    return true;
  }

  /** Another UIDVALIDITY means other numbers: all is read again, and what is known is kept once. */
  private async cursor(uidValidity: string): Promise<number> {
    const [row] = await this.database.outsideBrands((unit) =>
      unit.sql<{ lastUid: string }>(
        'SELECT last_uid AS "lastUid" FROM mailbox_cursors WHERE mailbox = $1 AND uid_validity = $2',
        [this.name, uidValidity],
      ),
    );
    return Number(row?.lastUid ?? 0);
  }

  private async move({ uidValidity, lastUid }: Cursor): Promise<void> {
    await this.database.outsideBrands((unit) =>
      unit.run(
        `INSERT INTO mailbox_cursors (mailbox, uid_validity, last_uid, read_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (mailbox) DO UPDATE SET uid_validity = $2, last_uid = $3, read_at = $4`,
        [this.name, uidValidity, lastUid, this.clock.now()],
      ),
    );
  }
}

/** Encrypted always, but where the operator says `tls=off`. */
function clientOf(url: URL): ImapFlow {
  const isImplicit = url.protocol === 'imaps:';
  const isPlain = url.searchParams.get('tls') === 'off';
  return new ImapFlow({
    host: url.hostname,
    port: Number(url.port || (isImplicit ? 993 : 143)),
    secure: isImplicit,
    ...(isImplicit ? {} : { doSTARTTLS: !isPlain }),
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    logger: false,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  });
}

function senderOf(raw: Buffer): string {
  const head =
    raw
      .subarray(0, 65_536)
      .toString('latin1')
      .split(/\r?\n\r?\n/)[0] ?? '';
  const path = /^return-path:[ \t]*<?([^<>\r\n]{0,320})/im.exec(head)?.[1]?.trim();
  return path ?? (/^from:.{0,200}(?:mailer-daemon|postmaster)/im.test(head) ? '' : 'unknown');
}
