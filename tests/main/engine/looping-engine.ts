import '../../../src/engine/index.ts';
import { writeSync } from 'node:fs';
import { toEngineSchema } from '../../../src/shared/engine-protocol.ts';

/** The engine as it is, whose coordinator runs in circles once it is asked for a report; it says so just before. */
process.on('message', (raw) => {
  if (toEngineSchema.parse(raw).request !== 'report') return;
  writeSync(process.stderr.fd, `${process.pid}\n`);
  for (;;);
});
