import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts', 'e2e/**/*.test.ts'],
    // ONNX Runtime reports home unless told not to; the application tells its engines, and tests are no different.
    // Nor does a test touch the journal of whoever runs it.
    env: {
      ...(process.argv.includes('--coverage') ? { ENLARGER_PAGE_COVERAGE: 'coverage/page' } : {}),
      ORT_DISABLE_TELEMETRY: '1',
      ENLARGER_HOME: join(tmpdir(), `enlarger-tests-${process.pid}`),
    },
    globalSetup: ['tests/support/remove-journal.ts'],
    // What a page shows follows in its own time; a machine that is busy takes longer.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'src/**/*.tsx'],
      reportOnFailure: true,
      reporter: ['text-summary', 'json-summary', 'json'],
      // The bar for everything is in e2e/support/report-lines.ts, which knows what a browser has run, too.
      thresholds: { 'src/engine/**': { lines: 90 } },
    },
  },
});
