import { describe, expect, it } from 'vitest';
import { chaosRun } from '../../chaos/chaos-run.ts';
import { temporaryFolder } from '../support/pictures.ts';

const FILES = 30;
const KILLS = 8;

describe.skipIf(process.platform !== 'linux')('a batch whose processes are killed (looks at /proc)', () => {
  it('ends with every file done once, and with nothing else', { timeout: 240_000 }, async () => {
    const root = await temporaryFolder();
    const { kills, starts: _, ...report } = await chaosRun({ root, files: FILES, kills: KILLS, seed: 7 });
    expect({ ...report, kills: kills.length }).toEqual({
      equal: FILES,
      kills: KILLS,
      ...{ lost: [], repeated: [], partial: [], leftovers: [], journal: [], failures: [], orphans: 0 },
    });
  });
});
