import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { groupMemory, groupMilliseconds } from '../../../src/main/metrics/control-group.ts';
import { temporaryFolder } from '../../support/pictures.ts';

/** Files as the system has them: a membership, and what is below the folder of groups. */
async function system(membership: string, files: Record<string, string>) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'cgroup'), membership);
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, 'groups', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return { membership: join(folder, 'cgroup'), groups: join(folder, 'groups') };
}

it.each([
  [
    'version 2',
    '0::/app\n',
    {
      'app/memory.current': '5000\n',
      'app/memory.stat': 'anon 1\ninactive_file 2000\n',
      'app/cpu.stat': 'usage_usec 7000\n',
    },
    [3000, 7],
  ],
  [
    'version 2 in a container that is told the path of the host',
    '0::/host/path\n',
    { 'memory.current': '5000\n', 'memory.stat': '', 'cpu.stat': 'usage_usec 7000\n' },
    [5000, 7],
  ],
  [
    'version 1',
    '4:memory:/app\n3:cpu,cpuacct:/app\n',
    {
      'memory/app/memory.usage_in_bytes': '5000\n',
      'memory/app/memory.stat': 'inactive_file 1\ntotal_inactive_file 6000\n',
      'cpuacct/app/cpuacct.usage': '9000000\n',
    },
    [0, 9],
  ],
  ['no limits', '0::/\n', {}, [undefined, undefined]],
  ['nonsense', 'x', { 'memory.current': 'max\n' }, [undefined, undefined]],
])('%s', async (_, membership, files, expected) => {
  const told = await system(membership, files);
  expect([await groupMemory(told), await groupMilliseconds(told)]).toEqual(expected);
});
