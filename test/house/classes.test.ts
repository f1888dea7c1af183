import { dirname, join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { type Source, sourcesOf } from './sources.js';

const MOST_PARAMETERS = 5;
const MOST_INJECTED = 8;

/** Methods that only pass their arguments on to something injected, with the reason. These may only fall. */
const FORWARDING: Record<string, string> = {
  'ContactWords.now': 'words say when, and are handed on alone',
  'ContactWords.shown': 'words say ids, and are handed on alone',
  'DistributionWords.now': 'words say when, and are handed on alone',
  'SurveyWords.now': 'words say when, and are handed on alone',
  'MailChecks.ofProgram': 'what programs and pages wrote is checked at one door',
  'MailerService.keepsMailsOf': 'the front door of the mailer',
  'MailingState.staysHere': 'readiness asks the mailer by one state',
  'PublishedSurveys.shown': 'a definition is shown by whoever publishes it',
  'Turns.afterTurn': 'what begins a turn ends it',
  'SurveysService.publish': 'the front door of surveys',
  'SurveysService.activate': 'the front door of surveys',
  'SurveysService.pause': 'the front door of surveys',
  'SurveysService.resume': 'the front door of surveys',
  'SurveysService.limitIn': 'the front door of surveys',
  'SurveysService.askForProof': 'the front door of surveys',
  'SurveysService.guardAgainstBots': 'the front door of surveys',
  'SurveysService.remove': 'the front door of surveys',
  'SurveysService.doorOfIn': 'the front door of surveys',
  'SurveysService.shownDefinition': 'the front door of surveys',
  'SurveysService.definitionOf': 'the front door of surveys',
  'SurveysService.definitionOfIn': 'the front door of surveys',
  'SurveysService.headerFor': 'the front door of surveys',
  'SurveysService.distributionsFrame': 'the front door of surveys',
};

/** Such files may pass on what other files of their module have. */
const FRONT_DOOR = /\.(service|entity)\.ts$/;

/** What is read of a node of the tree; others have more. */
interface Tree {
  type: string;
  name?: string;
  body?: Tree | Tree[] | null;
  [key: string]: unknown;
}

interface ClassSeen {
  path: string;
  name: string;
  isInjectable: boolean;
  members: Tree[];
  injected: string[];
  parameters: number;
}

/** Classes, functions with too many parameters, and exports of what another file has. */
function seenIn({ path, text }: Source): { classes: ClassSeen[]; wide: string[]; passesOn: string[] } {
  const seen = { classes: [] as ClassSeen[], wide: [] as string[], passesOn: [] as string[] };
  const constructors = new Set<unknown>();
  const measure = (node: unknown): void => {
    const { params, start } = node as { params: unknown[]; start: number };
    if (params.length > MOST_PARAMETERS && !constructors.has(node)) {
      seen.wide.push(`${path}:${text.slice(0, start).split('\n').length}`);
    }
  };
  const pass = (node: unknown): void => {
    const { source } = node as { source?: { value: string } | null };
    if (source) {
      seen.passesOn.push(join(dirname(path), source.value));
    }
  };
  new Visitor({
    ClassDeclaration(node) {
      const found = classOf(path, node as unknown as Tree);
      found.members.filter(({ kind }) => kind === 'constructor').forEach(({ value }) => constructors.add(value));
      seen.classes.push(found);
    },
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
    ExportNamedDeclaration: pass,
    ExportAllDeclaration: pass,
  }).visit(parseSync(path, text).program);
  return seen;
}

function classOf(path: string, node: Tree): ClassSeen {
  const members = (node.body as Tree).body as Tree[];
  const maker = members.find(({ kind }) => kind === 'constructor')?.['value'] as { params: Tree[] } | undefined;
  const decorators = node['decorators'] as { expression: { callee?: Tree } }[];
  return {
    path,
    name: (node['id'] as Tree).name ?? '',
    isInjectable: decorators.some(({ expression }) => expression.callee?.name === 'Injectable'),
    members,
    injected: (maker?.params ?? [])
      .filter(({ type }) => type === 'TSParameterProperty')
      .map(({ parameter }) => (parameter as Tree).name ?? ''),
    parameters: maker?.params.length ?? 0,
  };
}

/** Several members that are injected, and nothing that is done with them. */
function isBag({ isInjectable, members, injected }: ClassSeen): boolean {
  const maker = members[0]?.['value'] as { body: { body: unknown[] } } | undefined;
  return isInjectable && injected.length > 1 && members.length === 1 && maker?.body.body.length === 0;
}

/** Methods whose only statement calls something injected with the very arguments. Jobs are called by what performs them. */
function forwardingIn({ path, isInjectable, name, members, injected }: ClassSeen): string[] {
  return members
    .filter((member) => isInjectable && !path.endsWith('.job.ts') && forwards(member, injected))
    .map(({ key }) => `${name}.${(key as Tree).name}`);
}

function forwards(member: Tree, injected: readonly string[]): boolean {
  const call = member['kind'] === 'method' ? onlyCall(below(member, 'value', 'body', 'body')) : undefined;
  const isOwn = (below(call, 'callee', 'object', 'object') as Tree | undefined)?.type === 'ThisExpression';
  const target = below(call, 'callee', 'object', 'property', 'name') as string;
  return isOwn && injected.includes(target) && names(below(member, 'value', 'params')) === names(call?.['arguments']);
}

/** The call that is all that a method does. */
function onlyCall(statements: unknown): Tree | undefined {
  const [only, ...others] = (statements ?? []) as Tree[];
  const said = (below(only, 'argument') ?? below(only, 'expression')) as Tree | undefined;
  const call = (said?.type === 'AwaitExpression' ? said['argument'] : said) as Tree | undefined;
  return others.length === 0 && call?.type === 'CallExpression' ? call : undefined;
}

function names(parts: unknown): string {
  return (parts as Tree[]).map(({ type, name }) => name ?? type).join();
}

function below(node: unknown, ...keys: string[]): unknown {
  return keys.reduce((found, key) => (found as Record<string, unknown> | undefined)?.[key] ?? undefined, node);
}

describe('the classes', () => {
  const sources = sourcesOf('src', '.ts');
  const seen = sources.map((source) => ({ path: source.path, ...seenIn(source) }));
  const classes = seen.flatMap((file) => file.classes);

  it('do something: none only holds what was injected into it, or is named like that', () => {
    const bags = classes.filter((one) => isBag(one) || /(Surroundings|Parts|Tools|Deps)$/.test(one.name));
    expect(bags.map(({ path, name }) => `${path} ${name}`)).toEqual([]);
    expect(classes.length).toBeGreaterThan(400);
  });

  it(`are made of at most ${MOST_INJECTED} parts, and functions take at most ${MOST_PARAMETERS} parameters`, () => {
    const made = classes.filter(({ parameters }) => parameters > MOST_INJECTED);
    expect(made.map(({ path, name }) => `${path} ${name}`)).toEqual([]);
    expect(seen.flatMap(({ wide }) => wide)).toEqual([]);
  });

  it('do not only pass calls on, but for those that say why', () => {
    expect(classes.flatMap(forwardingIn).toSorted()).toEqual(Object.keys(FORWARDING).toSorted());
  });

  it('are exported where they stand, or by the front door of their module', () => {
    const room = (path: string): string | undefined => path.split('/')[1];
    const passing = seen.filter(({ path, passesOn }) =>
      passesOn.some((origin) => !FRONT_DOOR.test(path) || room(origin) !== room(path)),
    );
    expect(passing.map(({ path }) => path)).toEqual([]);
  });

  it('are injected where a file is called a service', () => {
    const injecting = new Set(classes.filter(({ isInjectable }) => isInjectable).map(({ path }) => path));
    const pure = sources.filter(({ path }) => path.endsWith('.service.ts') && !injecting.has(path));
    expect(pure.map(({ path }) => path)).toEqual([]);
  });
});
