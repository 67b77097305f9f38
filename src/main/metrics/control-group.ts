import { namedNumber } from './proc-files.ts';
import { readText } from './read-text.ts';

/** Where the system tells about control groups; tests have folders of their own. */
const SYSTEM = { membership: '/proc/self/cgroup', groups: '/sys/fs/cgroup' };

/** Bytes that this process's control group uses, files that the system may drop at any time not counted. */
export async function groupMemory(system = SYSTEM): Promise<number | undefined> {
  const { unified, named } = await foldersOf('memory', system);
  for (const folder of unified) {
    const used = wholeNumber(await readText(`${folder}/memory.current`));
    const stat = await readText(`${folder}/memory.stat`);
    if (used !== undefined) return Math.max(0, used - (namedNumber(stat, 'inactive_file') ?? 0));
  }
  for (const folder of named) {
    const used = wholeNumber(await readText(`${folder}/memory.usage_in_bytes`));
    const stat = await readText(`${folder}/memory.stat`);
    if (used !== undefined) return Math.max(0, used - (namedNumber(stat, 'total_inactive_file') ?? 0));
  }
  return undefined;
}

/** Milliseconds that all processes of this process's control group have computed. */
export async function groupMilliseconds(system = SYSTEM): Promise<number | undefined> {
  const { unified, named } = await foldersOf('cpuacct', system);
  for (const folder of unified) {
    const microseconds = namedNumber(await readText(`${folder}/cpu.stat`), 'usage_usec');
    if (microseconds !== undefined) return microseconds / 1000;
  }
  for (const folder of named) {
    const nanoseconds = wholeNumber(await readText(`${folder}/cpuacct.usage`));
    if (nanoseconds !== undefined) return nanoseconds / 1e6;
  }
  return undefined;
}

/**
 * Folders that may tell about this process's group, the best first: those of version 2 (`unified`), and of version 1
 * for `controller`. Inside a container the path may be that of the host: then its group is at the root.
 * Source: cgroups(7).
 */
async function foldersOf(
  controller: string,
  { membership, groups }: typeof SYSTEM,
): Promise<{ unified: string[]; named: string[] }> {
  const memberships = (await readText(membership))
    .split('\n')
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line) ?? []);
  const pathOf = (wanted: string) =>
    memberships.find(([, controllers]) => controllers?.split(',').includes(wanted))?.[2];
  const [unified, named] = [pathOf(''), pathOf(controller)];
  return {
    unified: unified === undefined ? [] : [`${groups}${unified}`, groups],
    named: named === undefined ? [] : [`${groups}/${controller}${named}`, `${groups}/${controller}`],
  };
}

function wholeNumber(text: string): number | undefined {
  return /^\d+\s*$/.test(text) ? Number(text) : undefined;
}
