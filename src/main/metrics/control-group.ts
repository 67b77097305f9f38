import { CONTROL_GROUPS, controlGroupFolders } from '../control-group-folders.ts';
import { namedNumber } from './proc-files.ts';
import { readText } from './read-text.ts';

/** Bytes that this process's control group uses, files that the system may drop at any time not counted. */
export async function groupMemory(system = CONTROL_GROUPS): Promise<number | undefined> {
  const { unified, named } = await controlGroupFolders('memory', system);
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
export async function groupMilliseconds(system = CONTROL_GROUPS): Promise<number | undefined> {
  const { unified, named } = await controlGroupFolders('cpuacct', system);
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

function wholeNumber(text: string): number | undefined {
  return /^\d+\s*$/.test(text) ? Number(text) : undefined;
}
