import { readFile } from 'node:fs/promises';

/** Where the system tells about control groups; tests have folders of their own. */
export const CONTROL_GROUPS = { membership: '/proc/self/cgroup', groups: '/sys/fs/cgroup' };

/**
 * Folders that may tell about this process's control group, the best first: those of version 2 (`unified`), and of
 * version 1 for `controller` (`named`). None where there are no groups. Inside a container the path may be that of the
 * host: then its group is at the root. Source: cgroups(7).
 */
export async function controlGroupFolders(
  controller: string,
  { membership, groups } = CONTROL_GROUPS,
): Promise<{ unified: string[]; named: string[] }> {
  // A line is `number:controllers:path`.
  const memberships = (await readFile(membership, 'utf8').catch(() => ''))
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
