import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { smallPictures } from '../chaos/small-pictures.ts';
import { plan } from './engine-run.ts';
import { type Benchmark, timed } from './harness.ts';
import { temporaryFolder } from './photographs.ts';
import { openBenchWorkshop, queue, runner } from './workshop.ts';

const FILES = 200;
/** Milliseconds between two ticks; an idle loop shows this and a little more. */
const RESOLUTION = 1;
/** Milliseconds of idleness to compare with. */
const IDLE = 3_000;

/**
 * How late main's event loop is while it runs a batch, with a real journal and a real engine. Node measures the time from
 * one tick of a timer to the next, so that nothing is ever below the resolution, busy or not.
 */
export const eventLoopBenchmark: Benchmark = {
  name: 'event-loop',
  async run() {
    await using folder = await temporaryFolder();
    const source = join(folder.path, 'in');
    await smallPictures(source, FILES, { seed: 1, smallest: 200, largest: 400 });
    await using workshop = await openBenchWorkshop(folder.path);
    const batchId = await queue(workshop, source, join(folder.path, 'out'), await plan('photo-x2'));
    const idle = await delays(() => setTimeout(IDLE));
    let state = '';
    let time = 0;
    const busy = await delays(async () => {
      time = await timed(async () => {
        state = await runner(workshop, batchId).run();
      });
    });
    if (state !== 'done') throw new Error(`The batch ended ${state}.`);
    return [
      {
        measure: `main's event loop during a batch of ${FILES} small files: tick to tick, p99`,
        seen: `${figures(busy)} (${(FILES / (time / 1000)).toFixed(1)} files/s; idle: ${figures(idle)}; resolution ${RESOLUTION} ms)`,
        bar: '< 5 ms',
        met: busy.percentile(99) < 5e6,
      },
    ];
  },
};

type Delays = ReturnType<typeof monitorEventLoopDelay>;

async function delays(work: () => Promise<unknown>): Promise<Delays> {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  histogram.enable();
  await work();
  histogram.disable();
  return histogram;
}

function figures(histogram: Delays): string {
  const [p50, p99, max] = [histogram.percentile(50), histogram.percentile(99), histogram.max].map(
    (nanoseconds) => (nanoseconds / 1e6).toFixed(2),
  );
  return `${p99} ms (p50 ${p50}, largest ${max})`;
}
