import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EnhanceJob } from '../../../src/shared/engine-protocol.ts';
import { engineConfig, jobFor } from '../../support/engine.ts';
import { planFor } from '../../support/models.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';

/** A program with an engine, and the lines it writes. */
function startParent(scratch: string, what: { job?: EnhanceJob; looping?: boolean } = {}) {
  const script = fileURLToPath(new URL('./parent-of-engine.ts', import.meta.url));
  const parent = spawn(
    process.execPath,
    [script, JSON.stringify({ config: engineConfig(scratch), ...what })],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  onTestFinished(() => {
    parent.kill('SIGKILL');
  });
  return { parent, lines: createInterface({ input: parent.stdout })[Symbol.asyncIterator]() };
}

/** Kills the program; resolves when it and its engine are gone. */
async function kill(parent: ChildProcessByStdio<null, Readable, Readable>): Promise<void> {
  // The engine writes its errors where its parent does: that pipe closes when both are gone.
  parent.stderr.resume();
  const bothGone = once(parent.stderr, 'close');
  parent.kill('SIGKILL');
  await bothGone;
}

describe('an engine ends with its parent, however that ended', () => {
  it('while it works, and clears its scratch folder', async () => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, 'large.jpg'), { width: 1200, height: 900 });
    const scratch = join(folder, 'scratch');
    const { parent, lines } = startParent(scratch, {
      job: jobFor(source, 'png', { plan: planFor({ tile: 8 }) }),
    });
    expect((await lines.next()).value).toBe('asked');
    const { value: pid } = await lines.next();
    expect(await readdir(scratch)).toEqual([`engine-${pid}`]);
    await kill(parent);
    expect(await readdir(scratch)).toEqual([]);
  });

  it('while it starts', async () => {
    const { parent, lines } = startParent(join(await temporaryFolder(), 'scratch'));
    expect((await lines.next()).value).toBe('asked');
    await kill(parent);
  });

  it('while its coordinator runs in circles', async () => {
    const scratch = join(await temporaryFolder(), 'scratch');
    const { parent, lines } = startParent(scratch, { looping: true });
    expect((await lines.next()).value).toBe('asked');
    const [pid] = await once(parent.stderr, 'data');
    onTestFinished(() => {
      // Not after it has ended: its number may be another's by now.
      if (!parent.stderr.closed) process.kill(Number(pid), 'SIGKILL');
    });
    const scratchBefore = await readdir(scratch);
    expect(scratchBefore).toEqual([`engine-${Number(pid)}`]);
    await kill(parent);
    // Nobody was left who could have cleared it: the next engine does.
    expect(await readdir(scratch)).toEqual(scratchBefore);
  });
});
