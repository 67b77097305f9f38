import { serveThread } from '../threads/thread-rpc.ts';
import { inferenceService } from './inference-service.ts';

serveThread(inferenceService());
