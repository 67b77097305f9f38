import { rmSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { entryFile } from '../shared/entry-file.ts';
import { mainLine } from './main-line.ts';
import { serveEngine } from './serve-engine.ts';

/** The engine as a process of its own, started by main. */
const engine = serveEngine(mainLine());

// Ctrl-C reaches every process of the terminal; main decides what becomes of the work and says so.
process.on('SIGINT', () => {});

// Without main there is nobody to work for. Leaving through `exit` would abort in the middle of an inference.
process.on('disconnect', () => {
  const scratch = engine.scratch();
  if (scratch) rmSync(scratch, { recursive: true, force: true });
  process.kill(process.pid, 'SIGKILL');
});

// A thread that hangs does not see that main is gone; another one does.
const watch = new Worker(entryFile(import.meta.url, './parent-watch-worker.ts', 'parent-watch-worker.js'), {
  name: 'parent-watch',
  workerData: process.ppid,
});
// An engine that has no such thread works as well.
watch.on('error', () => {}).unref();
