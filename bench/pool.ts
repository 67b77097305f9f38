import { ImageBufferPool } from '../src/engine/buffers/image-buffer-pool.ts';
import { alternating, type Benchmark, ratios, spread, timed } from './harness.ts';

const FRAME = 3840 * 2160 * 3 * Float32Array.BYTES_PER_ELEMENT;
const PAGE = 4096;
const LEASES = 20_000;
const FRESH = 20;

/** A lease from the pool against a fresh 4K float frame, each page of it touched once. */
export const poolBenchmark: Benchmark = {
  name: 'pool',
  async run() {
    const pool = new ImageBufferPool({ classes: [{ byteLength: FRAME, slots: 2 }], budgetBytes: 2 * FRAME });
    const lease = async () => {
      for (let count = 0; count < LEASES; count++) (await pool.acquire(FRAME)).release();
    };
    const allocate = () => {
      for (let count = 0; count < FRESH; count++) {
        const frame = new Uint8Array(new SharedArrayBuffer(FRAME));
        for (let at = 0; at < FRAME; at += PAGE) frame[at] = 1;
      }
    };
    const { a, b } = await alternating(
      7,
      async () => (await timed(allocate)) / FRESH,
      async () => (await timed(lease)) / LEASES,
    );
    const gain = ratios(a, b);
    pool.close();
    return [
      {
        measure: 'pool acquire + release against a fresh 4K float frame, touched',
        seen: `${spread(gain, 0)} × faster`,
        bar: '≥ 20 ×',
        met: Math.min(...gain) >= 20,
      },
    ];
  },
};
