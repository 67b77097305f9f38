import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { countOomKills } from '../../../../src/main/engine/supervisor/oom-kills.ts';
import { temporaryFolder } from '../../../support/pictures.ts';

const V2_EVENTS = 'low 0\nhigh 12\nmax 7\noom 3\noom_kill 2\noom_group_kill 1\n';
const V1_CONTROL = 'oom_kill_disable 0\nunder_oom 0\noom_kill 5\n';
/** As systemd's hybrid layout has it. */
const V1_LINES = '12:cpu,cpuacct:/a\n4:memory:/user/me\n1:name=systemd:/b\n0::/\n';

/** A made-up system: what it says about this process, and the files of its groups. */
async function countIn(membership: string, files: Record<string, string>): Promise<number | undefined> {
  const root = await temporaryFolder();
  await writeFile(join(root, 'cgroup'), membership);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return countOomKills({ membership: join(root, 'cgroup'), groups: root });
}

it.each([
  ['of version 2', '0::/app.slice/me\n', { 'app.slice/me/memory.events': V2_EVENTS }, 2],
  [
    'of version 2 in a container, which sees its own as the root',
    '0::/../x\n',
    { 'memory.events': V2_EVENTS },
    2,
  ],
  ['of version 1', V1_LINES, { 'memory/user/me/memory.oom_control': V1_CONTROL }, 5],
  ['of version 1 in a container', V1_LINES, { 'memory/memory.oom_control': V1_CONTROL }, 5],
  [
    'of version 1 where version 2 does not say',
    V1_LINES,
    { 'memory.events': 'low 0\n', 'memory/user/me/memory.oom_control': V1_CONTROL },
    5,
  ],
  ['that does not count', '0::/me\n', { 'me/memory.events': 'low 0\n' }, undefined],
  ['that is not there', '0::/me\n', {}, undefined],
  ['in words that nobody knows', 'what?\n', { 'memory.events': V2_EVENTS }, undefined],
] as const)('the counter of a control group %s is read', async (_, membership, files, count) => {
  expect(await countIn(membership, files)).toBe(count);
});

it('a system without control groups counts nothing', async () => {
  const folder = await temporaryFolder();
  expect(await countOomKills({ membership: join(folder, 'none'), groups: folder })).toBeUndefined();
});

it('this system gives a number or none', async () => {
  const count = await countOomKills();
  expect(count === undefined || (Number.isInteger(count) && count >= 0)).toBe(true);
});
