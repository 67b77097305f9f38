import { expect, it } from 'vitest';
import { entryFile } from '../../src/shared/entry-file.ts';

it.each([
  ['file:///app/src/engine/engine.ts', 'file:///app/src/engine/codec/codec-worker.ts'],
  ['file:///app/out/main/engine.js', 'file:///app/out/main/codec-worker.js'],
  ['file:///app/out/main/chunks/engine-1a2b.js', 'file:///app/out/main/codec-worker.js'],
])('seen from %s, the file of a worker is %s', (base, entry) => {
  expect(entryFile(base, './codec/codec-worker.ts', 'codec-worker.js').href).toBe(entry);
});
