import { request } from 'node:https';
import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../platform/clock.js';
import { Outside } from '../../platform/net/outside.js';

/** Who asks for tokens, and where (client credentials, RFC 6749 §4.4). */
export interface TokenClient {
  tokenUrl: string;
  clientId: string;
  secret: string;
  scope: string;
}

/** The token endpoint did not give one; the words say why. */
export class NoToken extends Error {}

const LIMIT_MS = 10_000;
const LIMIT_BYTES = 65_536;
/** A token is renewed so long before it ends. */
const MARGIN_MS = 60_000;
const KEPT = 1000;

const answerForm = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().optional() });

/** Tokens for XOAUTH2, kept as long as they are good. */
@Injectable()
export class AccessTokens {
  private readonly kept = new Map<string, { token: Promise<string>; until: number }>();

  constructor(
    private readonly outside: Outside,
    private readonly clock: Clock,
  ) {}

  /** @throws {NoToken} */
  async of(client: TokenClient, isRenewal: boolean): Promise<string> {
    const key = JSON.stringify(client);
    const known = this.kept.get(key);
    if (!isRenewal && known !== undefined && known.until > this.clock.ms()) return known.token;
    if (this.kept.size >= KEPT) this.kept.clear();
    const asked = this.ask(client);
    const entry = { token: asked.then(({ token }) => token), until: this.clock.ms() + MARGIN_MS };
    entry.token.catch(() => undefined); // told below; who finds the entry meanwhile is told by it
    this.kept.set(key, entry);
    try {
      const { seconds } = await asked;
      entry.until = this.clock.ms() + Math.max(0, seconds * 1000 - MARGIN_MS);
      return await entry.token;
    } catch (error) {
      this.kept.delete(key);
      throw error;
    }
  }

  private async ask({ tokenUrl, clientId, secret, scope }: TokenClient): Promise<{ token: string; seconds: number }> {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
      ...(scope === '' ? {} : { scope }),
    });
    const { status, text } = await this.post(new URL(tokenUrl), body.toString());
    const answer = answerForm.safeParse(jsonOf(text));
    if (status !== 200 || !answer.success) {
      throw new NoToken(`The token endpoint ${new URL(tokenUrl).host} gave no token (HTTP ${status})`);
    }
    return { token: answer.data.access_token, seconds: answer.data.expires_in ?? 300 };
  }

  /** To the address that was checked, without following redirects. */
  private async post(url: URL, body: string): Promise<{ status: number; text: string }> {
    const { address, family } = await this.outside.mustBeReachable(url.hostname);
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void =>
        reject(new NoToken(`The token endpoint ${url.host} can't be reached (${error.message})`, { cause: error }));
      const asked = request(
        url,
        {
          method: 'POST',
          host: address,
          family,
          ...(isIP(url.hostname) === 0 ? { servername: url.hostname } : {}),
          headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
          signal: AbortSignal.timeout(LIMIT_MS),
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (piece: string) => {
            text += piece;
            if (text.length > LIMIT_BYTES) asked.destroy(new Error('The answer is too long'));
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
          response.on('error', fail);
        },
      );
      asked.on('error', fail);
      asked.end(body);
    });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
