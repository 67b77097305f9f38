import { join } from 'node:path';
import { installationFolder } from './installation.ts';
import { startWeb } from './shells/web/start-web.ts';

const address = await startWeb(join(installationFolder(), 'out', 'renderer'));
process.stdout.write(`${address}\n`);
