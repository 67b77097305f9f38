#!/usr/bin/env node
/**
 * How long models take on one tile: `speed.mjs SIDE ROUNDS MODEL…` (uint8 entries, one thread). The models take
 * turns, so that whatever else the machine does falls on all alike; the first round is not counted.
 * Prints JSON: median milliseconds, in the order given.
 */
import ort from 'onnxruntime-node';

const [side, rounds, ...models] = process.argv.slice(2);
const options = {
  intraOpNumThreads: 1,
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};
const sessions = await Promise.all(models.map((model) => ort.InferenceSession.create(model, options)));
const levels = Uint8Array.from({ length: side * side * 3 }, (_, index) => (index * 2654435761) >>> 24);
const image = new ort.Tensor('uint8', levels, [1, Number(side), Number(side), 3]);
const times = sessions.map(() => []);
for (let round = 0; round <= rounds; round++) {
  for (const [index, session] of sessions.entries()) {
    const started = performance.now();
    await session.run({ image });
    if (round > 0) times[index].push(performance.now() - started);
  }
}
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
process.stdout.write(`${JSON.stringify(times.map(median))}\n`);
