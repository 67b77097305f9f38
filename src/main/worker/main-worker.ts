import { serveThread } from '../../threads/thread-rpc.ts';
import { mainService } from './main-service.ts';

serveThread(mainService());
