import { readFile } from 'node:fs/promises';

/** Where the system tells about control groups; tests have folders of their own. */
const SYSTEM = { membership: '/proc/self/cgroup', groups: '/sys/fs/cgroup' };

/**
 * How many processes of this one's control group the system has killed for their memory; `undefined` where
 * it does not say (not Linux, or no group). The counter grows before the process is gone.
 *
 * Source: `oom_kill` of memory.events (Linux, admin-guide/cgroup-v2) and of memory.oom_control (cgroup-v1/memory).
 */
export async function countOomKills({ membership, groups } = SYSTEM): Promise<number | undefined> {
  const lines = (await read(membership)).split('\n');
  for (const file of counterFiles(lines, groups)) {
    const count = /^oom_kill (\d+)$/m.exec(await read(file))?.[1];
    if (count !== undefined) return Number(count);
  }
  return undefined;
}

/** The files that may hold the counter, the best first. A line is `number:controllers:path`. */
function counterFiles(lines: readonly string[], groups: string): string[] {
  const memberships = lines.map((line) => /^\d+:([^:]*):(.*)$/.exec(line) ?? []);
  const pathOf = (wanted: string) =>
    memberships.find(([, controllers]) => controllers?.split(',').includes(wanted))?.[2];
  const [unified, memory] = [pathOf(''), pathOf('memory')];
  // Inside a container the path may be that of the host: then the container's group is at the root.
  return [
    ...(unified === undefined ? [] : [`${groups}${unified}/memory.events`, `${groups}/memory.events`]),
    ...(memory === undefined
      ? []
      : [`${groups}/memory${memory}/memory.oom_control`, `${groups}/memory/memory.oom_control`]),
  ];
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
