import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'e2e/**/*.test.ts'],
    // ONNX Runtime reports home unless told not to; the application tells its engines, and tests are no different.
    // Nor does a test touch the journal of whoever runs it.
    env: { ORT_DISABLE_TELEMETRY: '1', ENLARGER_HOME: join(tmpdir(), `enlarger-tests-${process.pid}`) },
    globalSetup: ['tests/support/remove-journal.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // These run in a browser and in the desktop shell's own process, as they were built: e2e/ runs them there, where
      // nothing counts lines yet.
      exclude: ['src/renderer/**', 'src/preload/**', 'src/main/shells/desktop/**'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 85, 'src/engine/**': { lines: 90 } },
    },
  },
});
