import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Invalid } from '../errors.js';
import { Outside } from './outside.js';

/** What came of asking another server for a file. `isFinal`: asking again later would change nothing. */
export type Download =
  | { status: 'found'; content: Buffer }
  | { status: 'failed'; why: DownloadFailure; isFinal: boolean };

export type DownloadFailure =
  | 'address'
  | 'inside'
  | 'large'
  | 'redirects'
  | 'slow'
  | 'unknown'
  | 'unreachable'
  | 'unsure'
  | `status ${number}`;

export interface DownloadLimits {
  bytes: number;
  ms: number;
}

const MOST_REDIRECTS = 4;
const REDIRECTS = [301, 302, 303, 307, 308];
const REFUSALS: Record<string, [DownloadFailure, boolean]> = {
  host_inside: ['inside', true],
  host_unknown: ['unknown', true],
  host_unsure: ['unsure', false],
};

type Step = Download | { status: 'moved'; to: string };

/** Fetches files from addresses that somebody wrote: each hop goes to an address that the guard has checked. */
@Injectable()
export class Downloads {
  constructor(private readonly outside: Outside) {}

  async fetch(address: string, { bytes, ms }: DownloadLimits): Promise<Download> {
    const signal = AbortSignal.timeout(ms);
    let next = address;
    for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
      const step = await this.step(next, bytes, signal);
      if (step.status !== 'moved') {
        return step;
      }
      next = step.to;
    }
    return failed('redirects');
  }

  private async step(address: string, bytes: number, signal: AbortSignal): Promise<Step> {
    const url = webAddress(address);
    if (url === undefined) {
      return failed('address');
    }
    try {
      return await this.ask(url, bytes, signal);
    } catch (error) {
      if (error instanceof Invalid) {
        return failed(...(REFUSALS[error.code ?? ''] ?? ['unreachable', false]));
      }
      return signal.aborted ? failed('slow', false) : failed('unreachable', false);
    }
  }

  private async ask(url: URL, bytes: number, signal: AbortSignal): Promise<Step> {
    const { address, family } = await this.outside.mustBeReachable(url.hostname);
    const isSecure = url.protocol === 'https:';
    return new Promise<Step>((resolve, reject) => {
      const asked = (isSecure ? requestSecure : requestPlain)(
        url,
        {
          host: address,
          family,
          agent: false,
          ...(isSecure && isIP(url.hostname) === 0 ? { servername: url.hostname } : {}),
          headers: { host: url.host, accept: 'image/*', 'user-agent': 'Canvass' },
          signal,
        },
        (response) => void read(response, url, bytes).then(resolve, reject),
      );
      asked.on('error', reject);
      asked.end();
    });
  }
}

/** Without a name and password in it: nobody's secret is sent anywhere. */
function webAddress(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username + url.password === '' ? url : undefined;
}

/** The connection is of this request alone: leaving the answer unread ends it. */
async function read(response: IncomingMessage, url: URL, bytes: number): Promise<Step> {
  const { statusCode: status = 0, headers } = response;
  if (REDIRECTS.includes(status) && headers.location !== undefined) {
    response.destroy();
    return URL.canParse(headers.location, url.href)
      ? { status: 'moved', to: new URL(headers.location, url).href }
      : failed('address');
  }
  if (status !== 200) {
    response.destroy();
    return failed(`status ${status}`, status < 500 && status !== 429);
  }
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > bytes) {
      return failed('large');
    }
    pieces.push(piece);
  }
  return { status: 'found', content: Buffer.concat(pieces) };
}

function failed(why: DownloadFailure, isFinal = true): Download {
  return { status: 'failed', why, isFinal };
}
