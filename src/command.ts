import 'reflect-metadata';
import { createInterface } from 'node:readline';
import { runCommandLine } from './command_line.js';
import { inheritedEnvironment } from './platform/config.js';

// What was typed may hold a password, and everybody on the machine can list the words of a process.
const args = process.argv.slice(2);
process.title = `canvass ${args[0] ?? ''}`.trim();

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) {
    return line;
  }
  return '';
}

void runCommandLine(args, {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  readLine: firstLine,
  environment: inheritedEnvironment(),
}).then((code) => process.exit(code));
