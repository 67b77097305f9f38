import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { thisProcess } from '../../../src/main/jobs/process-identity.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { openExports } from './made-up-results.ts';

const CHILD = fileURLToPath(new URL('./exporting-child.ts', import.meta.url));
const LARGE = Buffer.alloc(64 << 20, 'x');

it.each(['folder', 'zip'])(
  'of an export to a %s that is killed, the next start leaves whole files only',
  async (kind) => {
    const { batchOf, state } = await openExports();
    const { id } = await batchOf(['a.png', 'b.png', 'sub/c.png', 'd.png'], { contents: () => LARGE });
    const out = await temporaryFolder();
    const child = spawn(process.execPath, [CHILD, state, String(id), kind, out]);
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    const unfinished = (await readdir(out, { recursive: true })).filter((name) => name.endsWith('.part'));
    // Between two files there is none for a moment.
    if (kind === 'zip') expect(unfinished).toHaveLength(1);
    else expect(unfinished.length).toBeLessThanOrEqual(1);

    await openExports('desktop', state);
    const whole = (await readdir(out, { recursive: true })).filter((name) => name.endsWith('.png'));
    for (const name of whole) expect((await stat(join(out, name))).size).toBe(LARGE.length);
    expect((await readdir(out)).filter((name) => !['sub', ...whole].includes(name))).toEqual([]);
    expect(await readdir(join(state, 'exports'))).toEqual([]);
  },
);

it('what another Enlarger is writing is left to it, and nothing but what is ours is removed', async () => {
  const state = await temporaryFolder();
  const notes = join(state, 'exports');
  await mkdir(notes);
  const here = thisProcess();
  const dead = { ...here, boot: 'another' };
  const names = ['.enlarger-00000000-0000-4000-8000-000000000000.part', 'photo.png'];
  const [part, photo] = names.map((name) => join(state, name)) as [string, string];
  for (const path of [part, photo]) await writeFile(path, 'picture');
  await writeFile(join(notes, '1.json'), JSON.stringify({ process: here, temporary: part }));
  await writeFile(join(notes, '2.json'), JSON.stringify({ process: dead, temporary: photo }));
  await writeFile(join(notes, '3.json'), '{ "process": ');
  await openExports('desktop', state);
  expect(await readdir(notes)).toEqual(['1.json']);
  const left = await readdir(state);
  expect(names.every((name) => left.includes(name))).toBe(true);
});
