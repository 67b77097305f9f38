import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { guardPage } from '../../../../src/main/shells/desktop/page-guard.ts';
import { ReloadLimit } from '../../../../src/main/shells/desktop/reload-limit.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Contents of Electron's, and what is done with them. */
function guarded(answers: boolean[] = []) {
  const done: string[] = [];
  const contents = Object.assign(new EventEmitter(), {
    isDestroyed: () => false,
    forcefullyCrashRenderer: () => done.push('crash'),
  });
  guardPage(contents as never, {
    load: () => done.push('load'),
    ask: async () => {
      done.push('ask');
      return answers.shift() ?? false;
    },
  });
  return { contents, done };
}

const crash = (contents: EventEmitter, reason = 'crashed') => {
  contents.emit('render-process-gone', {}, { reason, exitCode: 1 });
};

it('loads a page again whose process has died, and not one that has ended', () => {
  const { contents, done } = guarded();
  for (const reason of ['crashed', 'oom', 'killed']) crash(contents, reason);
  crash(contents, 'clean-exit');
  expect(done).toEqual(['load', 'load', 'load']);
});

it('asks instead of trying for ever, and does as it is told', async () => {
  const { contents, done } = guarded([true, false]);
  for (let n = 0; n < 4; n++) crash(contents);
  await vi.advanceTimersByTimeAsync(0);
  expect(done).toEqual(['load', 'load', 'load', 'ask', 'load']);
  for (let n = 0; n < 4; n++) crash(contents);
  await vi.advanceTimersByTimeAsync(0);
  expect(done.slice(5)).toEqual(['load', 'load', 'load', 'ask']);
});

it('ends a page that does not answer for long, unless it does after all', async () => {
  const { contents, done } = guarded();
  contents.emit('unresponsive');
  await vi.advanceTimersByTimeAsync(14_000);
  contents.emit('responsive');
  await vi.advanceTimersByTimeAsync(14_000);
  expect(done).toEqual([]);
  contents.emit('unresponsive');
  await vi.advanceTimersByTimeAsync(15_000);
  expect(done).toEqual(['crash']);
});

it('allows three attempts a minute', () => {
  const limit = new ReloadLimit();
  expect([0, 1000, 2000, 3000, 59_999].map((now) => limit.allows(now))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(limit.allows(60_000)).toBe(true);
  expect(limit.allows(60_500)).toBe(false);
  limit.reset();
  expect(limit.allows(60_501)).toBe(true);
});
