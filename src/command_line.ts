import { parseArgs } from 'node:util';
import { closeApplication, commandContext, readyDatabase } from './boot.js';
import { type Command, COMMANDS } from './commands.js';
import { installationWords, mustBeInstalled } from './installation.js';
import { BadConfiguration, readConfig } from './platform/config.js';
import { DomainError } from './platform/errors.js';

/** What a command is asked with and answers to. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** The first line of standard input. */
  readLine(): Promise<string>;
  environment: NodeJS.ProcessEnv;
}

/** Exit codes, as shells know them: done, refused, not understood. */
const [DONE, REFUSED, MISUSED] = [0, 1, 2];

/** A command line that means nothing: it says so and how it is written. */
class Misuse extends Error {}

interface Asked {
  command: Command;
  words: string[];
  options: Record<string, string>;
  readsPassword: boolean;
}

/** Runs one command of the operator. @returns the exit code */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first, ...rest] = args;
  if (first === undefined || isHelp(first)) {
    return help(rest[0], terminal);
  }
  if (rest.some((word) => word.startsWith('-') && isHelp(word))) {
    return help(first, terminal);
  }
  try {
    const asked = understood(first, rest);
    if (asked.readsPassword) {
      asked.options['password'] = await terminal.readLine();
    }
    await run(asked, terminal);
    return DONE;
  } catch (error) {
    terminal.err(wordsOf(error));
    return error instanceof Misuse ? MISUSED : REFUSED;
  }
}

/** Refusals speak for themselves; anything else is a fault, and its place helps to find it. */
function wordsOf(error: unknown): string {
  const isPlain = error instanceof DomainError || error instanceof BadConfiguration || error instanceof Misuse;
  return isPlain ? error.message : String((error as Error).stack);
}

async function run({ command, words, options }: Asked, terminal: Terminal): Promise<void> {
  const config = readConfig(terminal.environment);
  await mustBeInstalled(config, command.prepares === true);
  terminal.err(`On ${installationWords(config)}.`);
  const database = await readyDatabase(config);
  try {
    const app = await commandContext(config, database.url);
    try {
      terminal.out(await command.run(app, words, options));
    } finally {
      await closeApplication(app);
    }
  } finally {
    if (!database.wasRunning) {
      await database.stop();
    }
  }
}

function understood(name: string, rest: readonly string[]): Asked {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new Misuse(`There is no command “${name}”. bin/canvass help lists them.`);
  }
  mustHideSecrets(command, name, rest);
  const kinds = [
    ...command.options.map((option) => [option.name, { type: 'string' as const }] as const),
    ...(command.input === undefined ? [] : [[`${command.input}-stdin`, { type: 'boolean' as const }] as const]),
  ];
  try {
    const { positionals: words, values } = parseArgs({
      args: [...rest],
      options: Object.fromEntries(kinds),
      allowPositionals: true,
    });
    mustFit(command, words);
    const given = Object.entries(values);
    const options = Object.fromEntries(
      given.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
    return { command, words, options, readsPassword: given.some(([, value]) => value === true) };
  } catch (error) {
    throw new Misuse(`${(error as Error).message}\nUsage: bin/canvass ${usage(name, command)}`, { cause: error });
  }
}

/** The words of a process are read by everybody on the machine, and stay in the history of the shell. */
function mustHideSecrets({ input }: Command, name: string, words: readonly string[]): void {
  if (input !== undefined && words.some((word) => new RegExp(`^--?${input}(=|$)`).test(word))) {
    throw new Misuse(
      `--${input} is not taken: everybody on this machine can read the words of a command. ` +
        `Give the ${input} on standard input:\n  bin/canvass ${name} … --${input}-stdin < FILE`,
    );
  }
}

function mustFit(command: Command, words: readonly string[]): void {
  const missing = command.words.find((_, place) => (words[place] ?? '').trim() === '');
  if (missing !== undefined) {
    throw new Misuse(`${missing} is missing.`);
  }
  const extra = words[command.words.length];
  if (extra !== undefined) {
    throw new Misuse(`“${extra}” is one word too many; put names of several words in quotation marks.`);
  }
}

function isHelp(word: string): boolean {
  return word === 'help' || word === '--help' || word === '-h';
}

/** About one command, or about all of them. */
function help(name: string | undefined, terminal: Terminal): number {
  const known = name === undefined || isHelp(name) ? Object.keys(COMMANDS) : [name];
  const [unknown] = known.filter((one) => !Object.hasOwn(COMMANDS, one));
  if (unknown !== undefined) {
    terminal.err(`There is no command “${unknown}”. bin/canvass help lists them.`);
    return MISUSED;
  }
  const lines = known.map((one) => `  ${usage(one, COMMANDS[one]!)}\n      ${COMMANDS[one]!.help}`);
  terminal.out(`bin/canvass COMMAND\n\n${lines.join('\n')}\n\nbin/canvass help COMMAND tells about one of them.`);
  return DONE;
}

function usage(name: string, { words, options, input }: Command): string {
  const parts = options.map((option) => `[--${option.name} ${option.takes}]`);
  return [name, ...words, ...parts, ...(input === undefined ? [] : [`[--${input}-stdin]`])].join(' ');
}
