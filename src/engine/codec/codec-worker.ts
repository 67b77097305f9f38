import { serveThread } from '../../threads/thread-rpc.ts';
import { codecService } from './codec-service.ts';

serveThread(codecService());
