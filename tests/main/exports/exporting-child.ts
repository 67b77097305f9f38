import { join } from 'node:path';
import { desktopPlaces } from '../../../src/main/application/places.ts';
import { TokenStore } from '../../../src/main/application/token-store.ts';
import { ExportService } from '../../../src/main/exports/export-service.ts';
import { openJobStore } from '../../../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../../../src/main/worker/start-main-worker.ts';
import type { Export, ExportRequest } from '../../../src/shared/contract/exports.ts';
import type { Out } from '../../../src/shared/contract/input.ts';

/** Exports a batch, as a folder or as a ZIP, and kills itself as soon as something of it is written. */
const [state = '', batch, kind, out = ''] = process.argv.slice(2);
const worker = startMainWorker();
await openJobStore(worker, state);
const tokens = new TokenStore();
const places = desktopPlaces({ tokens, results: join(state, 'results') });
const hub = {
  export: ({ bytesDone }: Export) => {
    if (bytesDone > 0) process.kill(process.pid, 'SIGKILL');
  },
};
const notes = join(state, 'exports');
const service = await ExportService.open({ worker, places, hub, shell: 'desktop', notes });
const target = (await tokens.offer(out)).input as Out;
const to: ExportRequest['to'] =
  kind === 'zip'
    ? { kind: 'zip', out: target, name: 'all' }
    : { kind: 'folder', out: target, onCollision: 'number' };
await service.create({ what: { kind: 'batches', batchIds: [Number(batch)] }, to });
