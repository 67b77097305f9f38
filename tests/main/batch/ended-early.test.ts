import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileEvent } from '../../../src/main/batch/run-batch.ts';
import { writePicture } from '../../support/pictures.ts';
import { processOf, startEngine } from '../real-engine.ts';
import { endings, filesIn, pictures, run } from './batch-run.ts';

describe('a run that is ended early', () => {
  it('from the very start of a file does not enlarge it', async () => {
    const root = await pictures('a.jpg', 'b.jpg', 'c.jpg');
    const abort = new AbortController();
    const events = await run(root, { options: { signal: abort.signal, onFile: () => abort.abort() } });
    expect(endings(events).map(([, state]) => state)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(await filesIn(join(root, 'out'))).toEqual([]);
  });

  it('in the middle keeps what is done and leaves nothing of the rest', async () => {
    const root = await pictures('a.jpg');
    for (const name of ['b.jpg', 'c.jpg']) {
      await writePicture(join(root, 'in', name), { width: 400, height: 300 });
    }
    const abort = new AbortController();
    const events = await run(root, {
      options: {
        signal: abort.signal,
        inFlight: 1,
        onProgress: (jobs) => {
          if (jobs.some(({ jobId, tilesDone }) => jobId === 1 && tilesDone > 0)) abort.abort();
        },
      },
    });
    expect(endings(events)).toEqual([
      ['a.jpg', 'done'],
      ['b.jpg', 'cancelled'],
      ['c.jpg', 'cancelled'],
    ]);
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg']);
  });

  it('by the death of the engine names every file that was not done', async () => {
    const root = await pictures('a.jpg', 'b.jpg', 'c.jpg');
    const engine = await startEngine();
    const pid = await processOf(engine);
    const onFile = ({ state }: FileEvent) => {
      if (state === 'done') process.kill(pid, 'SIGKILL');
    };
    const events = await run(root, { engine, options: { inFlight: 1, onFile } });
    expect(endings(events)).toEqual([
      ['a.jpg', 'done'],
      ['b.jpg', 'failed'],
      ['c.jpg', 'failed'],
    ]);
    expect(events.flatMap((event) => (event.state === 'failed' ? [event.error.toJSON()] : []))).toEqual(
      ['b.jpg', 'c.jpg'].map((name) => ({
        code: 'engine-died',
        message: `${join(root, 'in', name)}: The engine ended unexpectedly (by SIGKILL).`,
        file: join(root, 'in', name),
      })),
    );
    expect(await filesIn(join(root, 'out'))).toEqual(['a-x2.jpg']);
  });
});
