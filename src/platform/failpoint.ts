/** Where a process can be told to die, for trying out what a power cut leaves behind (`FAILPOINT=name` or `name:n`). */
export type FailpointName = 'planned' | 'claimed' | 'wired' | 'accepted';

let armed: { name: string; left: number } | undefined;

/** @param setting as in the configuration; undefined: nothing ever happens */
export function armFailpoint(setting: string | undefined): void {
  const [name = '', count = '1'] = setting?.split(':') ?? [];
  armed = name === '' ? undefined : { name, left: Number(count) };
}

/** Ends the process at once, as a power cut would, when it passes here for the n-th time and was told to. */
export function failpoint(name: FailpointName): void {
  if (armed?.name === name && --armed.left === 0) {
    process.kill(process.pid, 'SIGKILL');
  }
}
