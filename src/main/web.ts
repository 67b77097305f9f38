import { runWeb } from './shells/web/run-web.ts';

await runWeb({ open: true });
