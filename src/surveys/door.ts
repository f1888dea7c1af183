/** Where a survey is in its life. */
export type Stage = 'new' | 'active' | 'paused';

/** What happens to people in the middle when a survey is paused. */
export type PauseChoice = 'finish' | 'record' | 'discard';

/** What somebody meets who wants to start now. */
export type Door = 'open' | 'new' | 'paused' | 'early' | 'closed';

/** All that decides about the door. */
export interface DoorFacts {
  stage: Stage;
  isPublished: boolean;
  availableFrom: Date | null;
  availableUntil: Date | null;
}

/** The door at an instant. The end of the availability is exclusive; a pause comes before the window. */
export function doorAt({ stage, isPublished, availableFrom, availableUntil }: DoorFacts, now: Date): Door {
  if (stage === 'new' || !isPublished) {
    return 'new';
  }
  if (stage === 'paused') {
    return 'paused';
  }
  if (availableUntil !== null && availableUntil <= now) {
    return 'closed';
  }
  return availableFrom !== null && now < availableFrom ? 'early' : 'open';
}
