import type { WalkState } from '../../engine/page.js';
import { addresses } from '../../platform/web/addresses.js';
import type { Phrases } from '../../platform/web/phrases.js';
import type { Visit } from '../visit.js';
import { invitedAddress, masked } from './invited.js';

/** Addresses of the pages around a code, with the language that the page's own address asks for. */
export interface ProofPlaces {
  page: string;
  code: string;
  proof: string;
}

export function proofPlaces({ way, query }: Visit): ProofPlaces {
  const wish = query['Q_Language'];
  const rest = wish === undefined ? '' : `?${new URLSearchParams({ Q_Language: wish }).toString()}`;
  const { code, proof } = addresses.respondents;
  return { page: way.path + rest, code: code(way.path) + rest, proof: proof(way.path) + rest };
}

/** Under a page: that other answers are not shown here, and how they would be. */
export function elsewhereNote(visit: Visit, walk: WalkState, phrases: Phrases): object {
  const address = invitedAddress(visit, walk);
  return {
    note: phrases.say('proof.note'),
    ...(address === undefined
      ? {}
      : {
          ask: phrases.say('proof.ask', { address: isolated(masked(address)) }),
          send: phrases.say('proof.send'),
          url: proofPlaces(visit).code,
        }),
  };
}

/** Reads from left to right wherever it stands (Unicode isolates). */
export function isolated(address: string): string {
  return `\u2066${address}\u2069`;
}
