import { readFile } from 'node:fs/promises';
import { CONTROL_GROUPS, controlGroupFolders } from '../../control-group-folders.ts';

/**
 * How many processes of this one's control group the system has killed for their memory; `undefined` where
 * it does not say (not Linux, or no group). The counter grows before the process is gone.
 *
 * Source: `oom_kill` of memory.events (Linux, admin-guide/cgroup-v2) and of memory.oom_control (cgroup-v1/memory).
 */
export async function countOomKills(system = CONTROL_GROUPS): Promise<number | undefined> {
  const { unified, named } = await controlGroupFolders('memory', system);
  const counters = [
    ...unified.map((folder) => `${folder}/memory.events`),
    ...named.map((folder) => `${folder}/memory.oom_control`),
  ];
  for (const file of counters) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const count = /^oom_kill (\d+)$/m.exec(text)?.[1];
    if (count !== undefined) return Number(count);
  }
  return undefined;
}
