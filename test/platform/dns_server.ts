import dgram from 'node:dgram';
import net from 'node:net';
import dnsPacket, { type Answer, type Packet, type RecordType } from 'dns-packet';

/** What a name answers: records, or one of the ways in which a DNS fails. */
export type Script =
  | Records
  | 'nxdomain'
  | 'servfail'
  | 'refused'
  | 'silent'
  /** Each question gets the next entry; the last one stays. */
  | Script[];

export interface Records {
  A?: string[];
  AAAA?: string[];
  CNAME?: string;
  /** Each record is one string, or the strings that it was split in. */
  TXT?: (string | string[])[];
  MX?: [number, string][];
  PTR?: string[];
  NS?: string[];
}

const RCODES = { nxdomain: 3, servfail: 2, refused: 5 } as const;
const UDP_BYTES = 1232;
type Reply = { rcode: number; answers: Answer[] } | undefined;

/** A DNS server on loopback, by UDP and TCP, whose zone a test scripts; what does not fit in a datagram is truncated. */
export class DnsServer {
  /** Every question in order, as `TXT name`, with how it came. */
  readonly questions: string[] = [];
  readonly overTcp: string[] = [];
  private readonly zone = new Map<string, Script>();
  private readonly tcp = net.createServer((socket) => this.serve(socket));
  private udp = dgram.createSocket('udp4');
  private readonly sockets = new Set<net.Socket>();

  static async start(zone: Record<string, Script> = {}): Promise<DnsServer> {
    const server = new DnsServer();
    server.set(zone);
    await server.listen();
    return server;
  }

  /** As `DNS_SERVERS` takes it. */
  get address(): string {
    return `127.0.0.1:${(this.tcp.address() as net.AddressInfo).port}`;
  }

  /** Adds names or replaces what they answer. A name that begins with `*.` answers for all below it. */
  set(zone: Record<string, Script>): void {
    for (const [name, script] of Object.entries(zone)) this.zone.set(name.toLowerCase(), script);
  }

  /** Names that are not there do not exist. */
  remove(...names: string[]): void {
    names.forEach((name) => this.zone.delete(name.toLowerCase()));
  }

  clear(): void {
    this.zone.clear();
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await Promise.all([
      new Promise<void>((done) => this.tcp.close(() => done())),
      new Promise<void>((done) => this.udp.close(() => done())),
    ]);
  }

  /** One port for both ways; another process may have its UDP half, then the next is tried. */
  private async listen(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      await new Promise<void>((done) => this.tcp.listen(0, '127.0.0.1', () => done()));
      const { port } = this.tcp.address() as net.AddressInfo;
      const isBound = await new Promise<boolean>((done) => {
        this.udp.once('error', () => done(false));
        this.udp.bind(port, '127.0.0.1', () => done(true));
      });
      if (isBound) break;
      if (tries > 20) throw new Error('No port is free by UDP and TCP');
      await new Promise<void>((done) => this.tcp.close(() => done()));
      this.udp = dgram.createSocket('udp4');
    }
    this.udp.on('message', (message, peer) => {
      const answer = this.answer(message, 'udp');
      if (answer !== undefined) this.udp.send(answer, peer.port, peer.address);
    });
    this.udp.on('error', () => undefined);
  }

  private serve(socket: net.Socket): void {
    this.sockets.add(socket);
    let waiting = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= 2 && waiting.length >= waiting.readUInt16BE(0) + 2) {
        const length = waiting.readUInt16BE(0);
        const answer = this.answer(waiting.subarray(2, length + 2), 'tcp');
        waiting = waiting.subarray(length + 2);
        if (answer !== undefined) {
          const head = Buffer.alloc(2);
          head.writeUInt16BE(answer.length);
          socket.write(Buffer.concat([head, answer]));
        }
      }
    });
  }

  private answer(message: Buffer, way: 'udp' | 'tcp'): Buffer | undefined {
    const query = dnsPacket.decode(message);
    const [question] = query.questions ?? [];
    if (question === undefined) return undefined;
    this.questions.push(`${question.type} ${question.name}`);
    if (way === 'tcp') this.overTcp.push(`${question.type} ${question.name}`);
    const reply = this.reply(question.name.toLowerCase(), question.type);
    if (reply === undefined) return undefined;
    const packet = { id: query.id!, type: 'response', questions: [question], answers: reply.answers } satisfies Packet;
    const flags = dnsPacket.AUTHORITATIVE_ANSWER | dnsPacket.RECURSION_DESIRED | dnsPacket.RECURSION_AVAILABLE;
    const whole = dnsPacket.encode({ ...packet, flags: flags | reply.rcode });
    if (way === 'tcp' || whole.length <= UDP_BYTES) return whole;
    return dnsPacket.encode({ ...packet, flags: flags | dnsPacket.TRUNCATED_RESPONSE, answers: [] });
  }

  private reply(name: string, type: RecordType, depth = 0): Reply {
    const script = this.scripted(name, type);
    if (script === 'silent') return undefined;
    if (typeof script === 'string') return { rcode: RCODES[script], answers: [] };
    if (script.CNAME !== undefined && type !== 'CNAME') {
      const alias: Answer = { type: 'CNAME', name, ttl: 60, data: script.CNAME };
      const target = depth < 8 ? this.reply(script.CNAME.toLowerCase(), type, depth + 1) : { rcode: 2, answers: [] };
      return target === undefined ? undefined : { rcode: target.rcode, answers: [alias, ...target.answers] };
    }
    return { rcode: 0, answers: answersOf(name, type, script) };
  }

  /** What a name answers this time. In a list each question for A (or anything but AAAA) moves on. */
  private scripted(name: string, type: RecordType): Exclude<Script, Script[]> {
    const key = this.zone.has(name) ? name : `*.${name.slice(name.indexOf('.') + 1)}`;
    const script = this.zone.get(key) ?? 'nxdomain';
    if (!Array.isArray(script)) return script;
    const [now = 'nxdomain'] = script;
    if (script.length > 1 && type !== 'AAAA') script.shift();
    return now as Exclude<Script, Script[]>;
  }
}

function answersOf(name: string, type: RecordType, records: Records): Answer[] {
  const head = { name, ttl: 60 };
  const answers: Partial<Record<RecordType, () => Answer[]>> = {
    A: () => (records.A ?? []).map((data) => ({ ...head, type: 'A', data })),
    AAAA: () => (records.AAAA ?? []).map((data) => ({ ...head, type: 'AAAA', data })),
    TXT: () => (records.TXT ?? []).map((text) => ({ ...head, type: 'TXT', data: stringsOf(text) })),
    MX: () =>
      (records.MX ?? []).map(([preference, exchange]) => ({ ...head, type: 'MX', data: { preference, exchange } })),
    PTR: () => (records.PTR ?? []).map((data) => ({ ...head, type: 'PTR', data })),
    NS: () => (records.NS ?? []).map((data) => ({ ...head, type: 'NS', data })),
    CNAME: () => (records.CNAME === undefined ? [] : [{ ...head, type: 'CNAME', data: records.CNAME }]),
  };
  return answers[type]?.() ?? [];
}

/** A string of a text record has at most 255 bytes. */
function stringsOf(text: string | string[]): string[] {
  return [text].flat().flatMap((part) => part.match(/.{1,255}/gs) ?? ['']);
}

/** The name under which an IPv4 address tells its host. */
export function reverseName(address: string): string {
  return `${address.split('.').toReversed().join('.')}.in-addr.arpa`;
}
