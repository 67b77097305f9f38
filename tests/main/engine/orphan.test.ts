import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { engineConfig, jobFor } from '../../support/engine.ts';
import { planFor } from '../../support/models.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';

it('an engine at work ends with its parent, however that ended, and clears its scratch folder', async () => {
  const folder = await temporaryFolder();
  const source = await writePicture(join(folder, 'large.jpg'), { width: 1200, height: 900 });
  const job = jobFor(source, 'png', { plan: planFor({ tile: 8 }) });
  const scratch = join(folder, 'scratch');
  const script = fileURLToPath(new URL('./parent-of-engine.ts', import.meta.url));
  const parent = spawn(process.execPath, [script, JSON.stringify({ config: engineConfig(scratch), job })], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    parent.kill('SIGKILL');
  });
  const [pid] = await once(parent.stdout.setEncoding('utf8'), 'data');
  expect(await readdir(scratch)).toEqual([`engine-${pid.split('\n')[0]}`]);
  // The engine writes its errors where its parent does: that pipe closes when both are gone.
  parent.stderr.resume();
  const bothGone = once(parent.stderr, 'close');
  parent.kill('SIGKILL');
  await bothGone;
  expect(await readdir(scratch)).toEqual([]);
});
