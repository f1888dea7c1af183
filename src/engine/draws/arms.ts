import type { Listed } from '../questions/arranged.js';
import type { FlowNode } from '../definition.js';
import { seedAt } from './random.js';

/** The children of an even randomizer by names that say what they hold, so that a survey published anew goes on counting. */
export interface Arms {
  /** Tells randomizers with the same children apart. */
  place: string;
  listed: readonly Listed[];
}

/** All even randomizers of a flow. */
export function armsIn(flow: readonly FlowNode[]): Map<FlowNode, Arms> {
  const before = new Map<string, number>();
  const found = randomizersIn(flow).map((node): [FlowNode, Arms] => {
    const names = namesOf(node.children);
    const twins = before.get(names.join()) ?? 0;
    before.set(names.join(), twins + 1);
    return [node, { place: twins === 0 ? 'flow' : `flow${twins}`, listed: names.map((id) => ({ id })) }];
  });
  return new Map(found);
}

type Randomizer = Extract<FlowNode, { kind: 'randomizer' }>;

function randomizersIn(flow: readonly FlowNode[]): Randomizer[] {
  return flow.flatMap((node) => {
    const below = 'children' in node ? randomizersIn(node.children) : [];
    return node.kind === 'randomizer' && node.even ? [node, ...below] : below;
  });
}

function namesOf(children: readonly FlowNode[]): string[] {
  const contents = children.map((child) =>
    child.kind === 'block' ? child.block : seedAt(0, JSON.stringify(child)).toString(36),
  );
  return contents.map((name, index) => {
    const twins = contents.slice(0, index).filter((other) => other === name).length;
    return twins === 0 ? name : `${name}~${twins}`;
  });
}
