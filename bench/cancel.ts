import { enhanceFile, plan, startEngine } from './engine-run.ts';
import { type Benchmark, quantile } from './harness.ts';
import { photographs, temporaryFolder } from './photographs.ts';

const CANCELS = 1_000;

/** Cancels jobs while all cores infer: milliseconds from the client's call to the engine's acknowledgement. */
export const cancelBenchmark: Benchmark = {
  name: 'cancel',
  async run() {
    await using folder = await temporaryFolder();
    const of = await plan('photo-x2');
    await using engine = await startEngine(folder.path, of);
    const [source] = await photographs(folder.path, 1, 2400, 1600);
    const { client } = engine;
    const times: number[] = [];
    const cleaned: number[] = [];
    let later = 0;
    for (let count = 0; count < CANCELS; count++) {
      const inferring = Promise.withResolvers<void>();
      const stopListening = client.onProgress((jobs) => {
        if (jobs.some(({ tilesDone }) => tilesDone > 0)) inferring.resolve();
      });
      const job = enhanceFile(client, source as string, of).catch(() => {});
      await inferring.promise;
      stopListening();
      const started = performance.now();
      const cancellation = client.cancel();
      await cancellation.acknowledged;
      times.push(performance.now() - started);
      const atOnce = (await client.request('report', {})).scheduler;
      await cancellation.whenCleaned();
      cleaned.push(performance.now() - started);
      await job;
      const atLast = (await client.request('report', {})).scheduler;
      if (atLast.completed > atOnce.completed + atOnce.running) later += 1;
    }
    const p99 = quantile(times, 0.99);
    return [
      {
        measure: 'cancel while all cores infer, 1,000 times: call to acknowledgement, p99',
        seen: `${p99.toFixed(2)} ms (p50 ${quantile(times, 0.5).toFixed(2)}, largest ${Math.max(...times).toFixed(2)})`,
        bar: '< 10 ms',
        met: p99 < 10,
      },
      {
        measure: 'tiles of a cancelled job that began after its acknowledgement',
        seen: `${later} in ${CANCELS} cancels`,
        bar: '0',
        met: later === 0,
      },
      {
        measure: 'cancel: call to cleaned up, p99',
        seen: `${quantile(cleaned, 0.99).toFixed(0)} ms`,
        bar: 'reported',
        met: undefined,
      },
    ];
  },
};
