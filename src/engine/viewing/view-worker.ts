import { workerData } from 'node:worker_threads';
import { serveThread } from '../../threads/thread-rpc.ts';
import { viewService } from './view-service.ts';

serveThread(viewService(String(workerData)));
