import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const source = (path: string) => resolve(import.meta.dirname, 'src', path);

/**
 * Everything lands in out/. The engine, its workers, the web shell and the command line are entries of
 * the main build: they are plain Node programs, and share its chunks.
 */
export default defineConfig({
  main: {
    build: {
      rollupOptions: {
        input: {
          index: source('main/index.ts'),
          web: source('main/web.ts'),
          'main-worker': source('main/worker/main-worker.ts'),
          engine: source('engine/index.ts'),
          'parent-watch-worker': source('engine/parent-watch-worker.ts'),
          'inference-worker': source('engine/inference/inference-worker.ts'),
          'codec-worker': source('engine/codec/codec-worker.ts'),
          'view-worker': source('engine/viewing/view-worker.ts'),
          'heic-worker': source('engine/codec/heic/heic-worker.ts'),
          'quantisation-worker': source('engine/quantisation/quantisation-worker.ts'),
          'probing-worker': source('engine/probing/probing-worker.ts'),
          cli: source('cli/index.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      rollupOptions: {
        input: source('preload/index.ts'),
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: source('renderer'),
    // The map is for counting the lines that tests reach; the page does not name it, and packages leave it out.
    build: { sourcemap: 'hidden', rollupOptions: { input: source('renderer/index.html') } },
    plugins: [react()],
  },
});
