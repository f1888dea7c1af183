import type { Ending, FlowNode } from '../../engine/definition.js';
import { flowEnding } from './endings.js';
import { requiredCondition } from './logic.js';
import { isOff, isOn, recordsOf, textOf, wholeOf } from '../raw.js';
import type { Raw } from '../raw.js';
import type { Source } from '../source.js';

/** Deeper than any real flow; what lies below is not worth a stack. */
const DEEPEST = 30;
const MOST_ARMS = 10_000;

interface Reading {
  source: Source;
  blocks: ReadonlyMap<string, string>;
  shown: Map<string, number>;
  /** Where the survey ends by itself. */
  ending: Ending;
}

type Read = (raw: Raw, reading: Reading, depth: number) => FlowNode[];

const READ = new Map<string, Read>([
  ['Block', block],
  ['Standard', block],
  ['Default', block],
  ['Branch', branch],
  ['EmbeddedData', embedded],
  ['BlockRandomizer', randomizer],
  ['Randomizer', randomizer],
  ['RandomizationV2', randomizer],
  ['Group', group],
  ['Root', group],
  ['EndSurvey', (raw, { ending, source }) => [{ kind: 'end', ending: flowEnding(raw, ending, source) }]],
]);

/** The flow of a survey; `blocks` are the names of the blocks by id, `ending` is the survey's own. */
export function flowOf(
  payload: Raw,
  { blocks, ending }: Pick<Reading, 'blocks' | 'ending'>,
  source: Source,
): FlowNode[] {
  const reading: Reading = { source, blocks, ending, shown: new Map() };
  const flow = nodesOf(payload['Flow'], reading, 0);
  for (const [id, times] of reading.shown) {
    if (times > 1) {
      const where = `Block "${blocks.get(id)}"`;
      source.report.note(
        where,
        `The flow shows it ${times} times; of questions answered twice the later answer counts.`,
      );
    }
  }
  if (reading.shown.size > 0 || blocks.size === 0) return flow;
  source.report.warn('Flow', 'The flow shows no block; all blocks were put in, in their order.');
  return [
    ...flow.filter((node) => node.kind !== 'end'),
    ...[...blocks.keys()].map((id): FlowNode => ({ kind: 'block', block: id })),
  ];
}

function nodesOf(flow: unknown, reading: Reading, depth: number): FlowNode[] {
  if (depth > DEEPEST) {
    reading.source.report.warn('Flow', `What lies more than ${DEEPEST} levels deep was left out.`);
    return [];
  }
  return recordsOf(flow).flatMap(([, raw]) => {
    const read = READ.get(textOf(raw['Type'])) ?? unknown;
    return read(raw, reading, depth);
  });
}

const NAMES = new Map([
  ['WebService', 'A web service call'],
  ['Authenticator', 'An authenticator'],
  ['TableOfContents', 'A table of contents'],
  ['QuotaCheck', 'A quota check'],
  ['Conjoint', 'A conjoint study'],
  ['SupplementalData', 'A look-up of supplemental data'],
  ['ReferenceSurvey', 'A reference to another survey'],
]);

function unknown(raw: Raw, reading: Reading, depth: number): FlowNode[] {
  const type = textOf(raw['Type']) || 'without a type';
  const below = nodesOf(raw['Flow'], reading, depth + 1);
  const kept = below.length > 0 ? 'what it holds is kept' : 'left out';
  reading.source.report.warn('Flow', `${NAMES.get(type) ?? `An element "${type}"`} can't be run here; ${kept}.`);
  return below;
}

function block(raw: Raw, { blocks, shown, source }: Reading): FlowNode[] {
  const id = textOf(raw['ID']);
  if (!blocks.has(id)) {
    source.report.warn('Flow', `Shows the block ${id || 'without an id'}, which is not in the file.`);
    return [];
  }
  shown.set(id, (shown.get(id) ?? 0) + 1);
  return [{ kind: 'block', block: id }];
}

function branch(raw: Raw, reading: Reading, depth: number): FlowNode[] {
  const children = nodesOf(raw['Flow'], reading, depth + 1);
  const name = textOf(raw['Description']);
  const when = requiredCondition(raw['BranchLogic'], name ? `Branch "${name}"` : 'Flow', reading.source);
  return [{ kind: 'branch', when, children }];
}

function group(raw: Raw, reading: Reading, depth: number): FlowNode[] {
  return [{ kind: 'group', name: textOf(raw['Description']), children: nodesOf(raw['Flow'], reading, depth + 1) }];
}

function randomizer(raw: Raw, reading: Reading, depth: number): FlowNode[] {
  const children = recordsOf(raw['Flow']).map(([, arm]) => armOf(nodesOf([arm], reading, depth + 1)));
  if (!children.some((child) => child.kind !== 'group' || child.children.length > 0)) return [];
  const show = Math.min(howMany(raw, reading.source) ?? children.length, children.length);
  return [{ kind: 'randomizer', show, even: isOn(raw['EvenPresentation']), children }];
}

/** How many arms one person meets; nothing where the file means all of them. */
function howMany(raw: Raw, source: Source): number | undefined {
  const sizes = [raw['SubSet'], raw['Subset'], raw['subSet'], raw['TotalRandSubset']].filter((size) => !isOff(size));
  const show = sizes.map((size) => wholeOf(size, 1, MOST_ARMS)).find((size) => size !== undefined);
  if (show === undefined && sizes.length > 0) {
    source.report.warn('Flow', 'How many parts a randomizer shows can not be read; all are shown, in random order.');
  }
  return show;
}

/** An arm whose content is gone, or became several elements, is one arm all the same: chances stay what they were. */
function armOf(nodes: FlowNode[]): FlowNode {
  return nodes.length === 1 ? nodes[0]! : { kind: 'group', name: '', children: nodes };
}

/** Fields set by the flow, and fields that contacts or links bring along. */
function embedded(raw: Raw): FlowNode[] {
  const fields = recordsOf(raw['EmbeddedData']).flatMap(([, field]) => {
    const name = textOf(field['Field']).trim() || textOf(field['Description']).trim();
    if (name === '') return [];
    const isSet = textOf(field['Type']) !== 'Recipient' && field['Value'] !== undefined && field['Value'] !== null;
    return [{ name, ...(isSet ? { value: textOf(field['Value']) } : {}) }];
  });
  return fields.length > 0 ? [{ kind: 'embedded', fields }] : [];
}
