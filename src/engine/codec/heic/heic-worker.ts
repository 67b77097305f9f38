import { serveThread } from '../../../threads/thread-rpc.ts';
import { heicService } from './heic-service.ts';

serveThread(heicService());
