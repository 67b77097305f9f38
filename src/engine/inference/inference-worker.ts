import { setPriority } from 'node:os';
import { serveThread } from '../../threads/thread-rpc.ts';
import { inferenceService } from './inference-service.ts';

/** How much inference gives way to everything else, as `nice` counts. */
const NICENESS = 5;

// Whoever waits for a decoded, an encoded or a cancelled picture waits for short work; tiles come by the thousand.
// Only on Linux is a priority a thread's own: elsewhere this would slow down the whole engine.
if (process.platform === 'linux') setPriority(NICENESS);

serveThread(inferenceService());
