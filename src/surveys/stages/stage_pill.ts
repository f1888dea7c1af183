import type { Say } from '../../platform/web/words.js';
import { type Door, doorAt, type DoorFacts } from '../door.js';

/** What `shared/_pill` shows. */
export interface Pill {
  tone: 'done' | 'run' | 'hold' | 'idle';
  text: string;
}

const TONES: Record<Door, Pill['tone']> = { open: 'done', early: 'run', paused: 'hold', closed: 'idle', new: 'idle' };

/** The stage as people see it: a survey whose window is over is closed although its stage is active. */
export function stagePill(say: Say, facts: DoorFacts, now: Date): Pill {
  const door = facts.stage === 'new' ? 'new' : doorAt(facts, now);
  return { tone: TONES[door], text: say(`stage.${door}`) };
}
