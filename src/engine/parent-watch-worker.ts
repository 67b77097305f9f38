import { workerData } from 'node:worker_threads';
import { watchParent } from './parent-watch.ts';

watchParent(workerData, process);
