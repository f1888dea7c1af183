import { z } from 'zod';
import { wireAddress, wireDomain } from '../../platform/email_address.js';
import { wholeNumber } from '../../platform/web/form_atoms.js';
import { AUTH_METHODS, RELAY_TLS, SENDER_RULES } from './brand_relay.entity.js';

const line = (most: number) => z.string().trim().max(most, `${most} characters at most.`).default('');

const DOMAINS = 50;

/** Domains with commas or line breaks between, in ASCII. */
const domains = line(5000).transform((text, context): string[] => {
  const names = text.split(/[\s,;]+/).filter((name) => name !== '');
  const wire = names.map((name) => wireDomain(name.replace(/^@/, '')));
  const wrong = names.find((_, place) => wire[place] === undefined);
  if (wrong !== undefined || names.length > DOMAINS) {
    const message = wrong === undefined ? `${DOMAINS} domains at most.` : `“${wrong}” is not a domain.`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  return [...new Set(wire.filter((name) => name !== undefined))];
});

interface Typed {
  tls: string;
  auth: string;
  username: string;
  tokenUrl: string;
  clientId: string;
  senderRule: string;
  senderAddress: string;
}

/** What one field demands of another. */
const RULES: readonly (readonly [keyof Typed, (typed: Typed) => boolean, string])[] = [
  ['username', ({ auth, username }) => auth !== 'none' && username === '', 'Whom should we sign in as?'],
  ['tls', ({ auth, tls }) => auth !== 'none' && tls === 'off', 'A password must not go out unencrypted.'],
  [
    'tokenUrl',
    ({ auth, tokenUrl }) => auth === 'XOAUTH2' && !/^https:\/\/[^\s@/]+(?:\/\S*)?$/.test(tokenUrl),
    'The address where tokens are given begins with https://',
  ],
  [
    'clientId',
    ({ auth, clientId }) => auth === 'XOAUTH2' && clientId === '',
    'The token endpoint knows us by this id.',
  ],
  [
    'senderAddress',
    ({ senderRule, senderAddress }) => senderRule === 'fixed' && wireAddress(senderAddress) === undefined,
    'Write the address that bounces should go to.',
  ],
];

/** What a person types about a relay. An empty secret of one that is kept already stays as it is. */
export const relayForm = z
  .object({
    name: line(100).refine((text) => text !== '', 'Give it a name.'),
    host: line(255).refine((text) => /^[\w.:[\]-]+$/u.test(text), 'Write a host such as smtp.example.com.'),
    port: wholeNumber(1, 65_535),
    tls: z.enum(RELAY_TLS, { error: 'Choose how the connection is encrypted.' }),
    ca: line(20_000).refine(
      (text) => text === '' || /^-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----$/.test(text),
      'Paste one or more certificates in PEM, each from BEGIN to END.',
    ),
    auth: z.enum(AUTH_METHODS, { error: 'Choose how to sign in.' }),
    username: line(320),
    secret: z.string().max(2000, '2,000 characters at most.').default(''),
    tokenUrl: line(500),
    clientId: line(500),
    tokenScope: line(500),
    senderRule: z.enum(SENDER_RULES, { error: 'Choose where bounces go.' }),
    senderAddress: line(320),
    connections: wholeNumber(1, 50),
    messagesPerConnection: wholeNumber(1, 10_000),
    perMinute: wholeNumber(0, 1_000_000),
    fromDomains: domains,
  })
  .superRefine((typed, context) => {
    for (const [path, isWrong, message] of RULES) {
      if (isWrong(typed)) context.addIssue({ code: 'custom', path: [path], message });
    }
  });

export type RelayForm = z.infer<typeof relayForm>;
