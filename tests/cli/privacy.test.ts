import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { enlarger, filesIn, makePictures, QUICK } from './support.ts';

it('a run leaves results and nothing else: no files for telemetry, at home or among temporary files', async () => {
  const root = await makePictures(['a.jpg']);
  await Promise.all(['home', 'tmp'].map((folder) => mkdir(join(root, folder))));
  const env = { HOME: join(root, 'home'), USERPROFILE: join(root, 'home'), TMPDIR: join(root, 'tmp') };
  const args = ['enhance', 'in', '--out', 'out', ...QUICK];
  const { exit } = await enlarger(args, {
    cwd: root,
    env: { ...env, TEMP: env.TMPDIR, XDG_CACHE_HOME: undefined },
  });
  expect([exit, await filesIn(root)]).toEqual([0, [join('in', 'a.jpg'), join('out', 'a-x2.jpg')]]);
});
