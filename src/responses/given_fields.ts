import type { SurveyDefinition } from '../engine/definition.js';
import type { Contact } from '../engine/page.js';
import { declaredFields, fieldsToSign } from '../engine/recorded.js';
import { cleanText } from '../engine/text.js';
import type { Visit } from './visit.js';

const LONGEST_VALUE = 2000;

/** Fields that are called like what a contact has of its own: an address may not speak over it. */
const OF_CONTACT: Record<string, keyof Contact> = {
  FirstName: 'FirstName',
  LastName: 'LastName',
  Email: 'Email',
  Phone: 'Phone',
  Language: 'Language',
  ExternalDataReference: 'ExternalDataReference',
  RecipientFirstName: 'FirstName',
  RecipientLastName: 'LastName',
  RecipientEmail: 'Email',
  RecipientPhone: 'Phone',
  RecipientLanguage: 'Language',
  ExternalReference: 'ExternalDataReference',
};

/**
 * The embedded data that a walk begins with. What the contact, its list or its link has wins over the address; of the
 * address a signed value wins over a plain one, and a parameter of its own over the same name packed in `Q_EED`. An
 * address sets only fields that the flow declares without a value, and a blank of the contact is no value.
 */
export function givenFields(definition: SurveyDefinition, visit: Visit, contact: Contact): Record<string, string> {
  const own = visit.way.link?.embedded ?? {};
  const toSign = fieldsToSign(definition);
  const offers = offersOf(visit);
  const given = declaredFields(definition).flatMap((name) => {
    const isOwn = (own[name] ?? '') !== '' || isOfContact(name, contact);
    const offer = isOwn || name.startsWith('Q_') ? undefined : bestOffer(offers, name, toSign.has(name));
    return offer === undefined ? [] : [[name, cleanText(offer).slice(0, LONGEST_VALUE)] as const];
  });
  return { ...own, ...Object.fromEntries(given) };
}

interface Offer {
  isSigned: boolean;
  values: Readonly<Record<string, string>>;
}

/** What the address says, the most believable first. Whatever was signed and then changed says nothing. */
function offersOf({ query, vouched: { signed, forged } }: Visit): Offer[] {
  const said = Object.entries(query).filter(([name]) => !forged.has(name));
  const own = (isSigned: boolean): Offer => ({
    isSigned,
    values: Object.fromEntries(said.filter(([name]) => signed.has(name) === isSigned)),
  });
  const bundle: Offer = {
    isSigned: signed.has('Q_EED'),
    values: forged.has('Q_EED') ? {} : packed(query['Q_EED']),
  };
  return [own(true), ...(bundle.isSigned ? [bundle, own(false)] : [own(false), bundle])];
}

function bestOffer(offers: readonly Offer[], name: string, mustBeSigned: boolean): string | undefined {
  const best = offers.find(({ isSigned, values }) => (isSigned || !mustBeSigned) && Object.hasOwn(values, name));
  return best?.values[name];
}

function isOfContact(name: string, contact: Contact): boolean {
  const field = Object.hasOwn(OF_CONTACT, name) ? OF_CONTACT[name] : undefined;
  return field !== undefined && (contact[field] ?? '') !== '';
}

/** Numbers are taken as they are written; a `+` of ordinary base64 has become a blank on its way through an address. */
function packed(text: string | undefined): Record<string, string> {
  if (text === undefined) {
    return {};
  }
  try {
    const value: unknown = JSON.parse(Buffer.from(text.replaceAll(' ', '+'), 'base64url').toString('utf8'));
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(
      entries.filter(([, one]) => ['string', 'number'].includes(typeof one)).map(([name, one]) => [name, String(one)]),
    );
  } catch {
    return {}; // a torn address is no reason to turn somebody away
  }
}
