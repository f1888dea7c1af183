import { Controller, Get, Header } from '@nestjs/common';
import { Public } from './auth/guard.js';
import { Clock } from './clock.js';
import { Config } from './config.js';
import { NotFound } from './errors.js';

/** Whoever has kept the file for so long asks for it again. */
const VALID_DAYS = 180;

/** Where finders of weaknesses write to (RFC 9116). */
@Controller('.well-known/security.txt')
export class SecurityTxtController {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** @throws {NotFound} where the operator names nobody */
  @Get()
  @Public()
  @Header('Content-Type', 'text/plain; charset=utf-8')
  show(): string {
    const { SECURITY_CONTACT: contact, baseUrl } = this.config;
    if (contact === undefined) {
      throw new NotFound('This installation names nobody who takes reports on security.');
    }
    const expires = new Date(this.clock.ms() + VALID_DAYS * 86_400_000).toISOString();
    const canonical = `${baseUrl}/.well-known/security.txt`;
    return [
      `Contact: ${new URL(contact).href}`,
      `Expires: ${expires}`,
      'Preferred-Languages: en',
      `Canonical: ${canonical}`,
      '',
    ].join('\n');
  }
}
