import { DomainError } from '../errors.js';
import { type PlainRefusal, plainRefusal } from './refusals.js';

/** What a task process is asked to do. */
export interface TaskRequest {
  module: string;
  name: string;
  given: unknown[];
}

/** What came of it, as it passes between processes. `failed`: a mistake of ours, with its stack. */
export type Outcome = { done: unknown } | { refused: PlainRefusal } | { failed: string };

/** `isLast`: the process does no other request, for this one took much memory. */
export interface Answer {
  outcome: Outcome;
  isLast: boolean;
}

/** Does an request; modules stay loaded for the next one. */
export async function outcomeOf({ module, name, given }: TaskRequest): Promise<Outcome> {
  try {
    const { [name]: work } = (await import(module)) as Record<string, (...given: unknown[]) => unknown>;
    if (work === undefined) {
      return { failed: `${module} has no ${name}` };
    }
    return { done: await work(...given) };
  } catch (error) {
    return error instanceof DomainError
      ? { refused: plainRefusal(error) }
      : { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
