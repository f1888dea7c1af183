import type { Condition } from '../engine/condition.schema.js';
import type { DeclaredField, FlowNode, SurveyDefinition } from '../engine/definition.js';
import type { WalkState } from '../engine/page.js';
import { sourcesIn } from '../engine/piping.js';
import { recordedAnswers } from '../engine/recorded.js';
import { toTheHour } from './anonymous/anonymous_answers.js';

/** What a survey's embedded data owe to the person whose link it was. */
interface PersonalFields {
  /** Declared without a value: the contact, its list or its link may have one. */
  open: ReadonlySet<string>;
  /** Given a value that names the contact or such a field, or that depends on one: having none tells something, too. */
  made: ReadonlySet<string>;
}

const fieldsOf = new WeakMap<SurveyDefinition, PersonalFields>();

/** Embedded fields whose values may come from a contact, or be made of what is known of it. */
export function fieldsOfPeople(definition: SurveyDefinition): ReadonlySet<string> {
  const { open, made } = personalFields(definition);
  return new Set([...open, ...made]);
}

/**
 * The embedded data of an anonymous walk: what would be the same whoever's link it was, told in the survey's own language
 * and by the hour. What an open link's address said stays.
 */
export function embeddedOfNobody(
  definition: SurveyDefinition,
  state: WalkState,
  hasLink: boolean,
): Record<string, string> {
  const embeddedOf = (walk: WalkState): Record<string, string> => recordedAnswers(definition, walk).embedded;
  const nobody = hasLink ? { ...state, contact: {}, embedded: {} } : state;
  const [own, others] = [embeddedOf(state), embeddedOf(nobody)];
  const startedAt = toTheHour(new Date(state.startedAt)).getTime();
  const coarse = embeddedOf({ ...nobody, startedAt, language: definition.language });
  const made = hasLink ? personalFields(definition).made : new Set();
  const kept = Object.entries(coarse).filter(([name]) => !made.has(name) && own[name] === others[name]);
  return Object.fromEntries(kept);
}

function personalFields(definition: SurveyDefinition): PersonalFields {
  const known = fieldsOf.get(definition) ?? new Reading().of(definition.flow);
  fieldsOf.set(definition, known);
  return known;
}

/** Goes through a flow as a walk does, and knows at each place which fields are free of people. */
class Reading {
  private readonly open = new Set<string>();
  private readonly made = new Set<string>();
  /** Set by the survey itself; a contact may have any other. */
  private readonly free = new Set<string>();

  of(flow: readonly FlowNode[]): PersonalFields {
    this.read(flow, { isPersonal: false, isSure: true });
    return { open: this.open, made: this.made };
  }

  /** @param place whether people decide who gets here, and whether everybody does */
  private read(nodes: readonly FlowNode[], place: { isPersonal: boolean; isSure: boolean }): void {
    for (const node of nodes) {
      if (node.kind === 'embedded') {
        node.fields.forEach((field) => this.set(field, place));
      } else if (node.kind === 'branch') {
        this.read(node.children, { isPersonal: place.isPersonal || this.isPersonal(node.when), isSure: false });
      } else if (node.kind === 'randomizer') {
        // Twice: the children come in any order.
        this.read(node.children, { ...place, isSure: false });
        this.read(node.children, { ...place, isSure: false });
      } else if ('children' in node) {
        this.read(node.children, place);
      }
    }
  }

  private set({ name, value }: DeclaredField, { isPersonal, isSure }: { isPersonal: boolean; isSure: boolean }): void {
    if (value === undefined) {
      this.open.add(name);
    } else if (isPersonal || this.comesOfPeople(value)) {
      this.made.add(name);
      this.free.delete(name);
    } else if (isSure) {
      this.free.add(name);
    }
  }

  private comesOfPeople(value: string): boolean {
    return sourcesIn(value).some(({ scheme, name }) => scheme === 'm' || (scheme === 'e' && !this.free.has(name)));
  }

  private isPersonal(condition: Condition): boolean {
    if (condition.kind !== 'test') {
      return condition.of.some((part) => this.isPersonal(part));
    }
    const { operand, value } = condition;
    return (
      operand.kind === 'contact' ||
      (operand.kind === 'embedded' && !this.free.has(operand.name)) ||
      this.comesOfPeople(value ?? '')
    );
  }
}
