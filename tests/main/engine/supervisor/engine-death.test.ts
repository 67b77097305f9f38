import { describe, expect, it } from 'vitest';
import {
  deathError,
  deathOf,
  describeDeath,
  isOwnDeath,
} from '../../../../src/main/engine/supervisor/engine-death.ts';
import { EnlargerError } from '../../../../src/shared/errors.ts';

const by = (signal: NodeJS.Signals) => ({ code: null, signal });
const quietly = { oomKilled: false };

describe('the cause of a death', () => {
  it.each([
    ['SIGSEGV', by('SIGSEGV'), quietly, 'crashed'],
    ['SIGABRT', by('SIGABRT'), quietly, 'crashed'],
    ['SIGBUS', by('SIGBUS'), quietly, 'crashed'],
    ['SIGILL', by('SIGILL'), quietly, 'crashed'],
    ['SIGFPE', by('SIGFPE'), quietly, 'crashed'],
    ['SIGTRAP, with which V8 gives up', by('SIGTRAP'), quietly, 'crashed'],
    ['SIGABRT, others having been killed for memory', by('SIGABRT'), { oomKilled: true }, 'crashed'],
    ['an exit code', { code: 3, signal: null }, quietly, 'crashed'],
    ['an end without a reason', { code: 0, signal: null }, quietly, 'crashed'],
    ['a process that never was', { code: null, signal: null }, quietly, 'crashed'],
    ['SIGKILL', by('SIGKILL'), quietly, 'killed'],
    ['SIGTERM', by('SIGTERM'), quietly, 'killed'],
    ['SIGTERM, others having been killed for memory', by('SIGTERM'), { oomKilled: true }, 'killed'],
    ['SIGKILL and the counter', by('SIGKILL'), { oomKilled: true }, 'out-of-memory'],
    ['our SIGKILL', by('SIGKILL'), { oomKilled: false, hung: 'no answer' }, 'hung'],
    ['our SIGKILL, and the counter', by('SIGKILL'), { oomKilled: true, hung: 'no answer' }, 'hung'],
    ['a crash just before our SIGKILL', by('SIGSEGV'), { oomKilled: false, hung: 'no answer' }, 'crashed'],
    ['our SIGKILL of one that would not start', by('SIGKILL'), { ...quietly, refused: 'no' }, 'crashed'],
  ] as const)('is told from %s', (_, exit, circumstances, cause) => {
    const death = describeDeath(4, exit, circumstances);
    expect(death).toMatchObject({ generation: 4, cause, signal: exit.signal, exitCode: exit.code });
    expect(isOwnDeath(death)).toBe(cause !== 'killed');
  });

  it('is said in words', () => {
    const messages = [
      describeDeath(1, by('SIGSEGV'), quietly),
      describeDeath(1, { code: 3, signal: null }, quietly),
      describeDeath(1, { code: null, signal: null }, quietly),
      describeDeath(1, by('SIGKILL'), { oomKilled: true }),
      describeDeath(1, by('SIGKILL'), { ...quietly, hung: 'its heartbeat did not come within 15 s' }),
      describeDeath(1, by('SIGTERM'), quietly),
    ].map((death) => deathError(death).message);
    const again = 'It is started again: try once more.';
    expect(messages).toEqual([
      `The engine crashed (it was ended by SIGSEGV). ${again}`,
      `The engine crashed (it ended with code 3). ${again}`,
      `The engine crashed (its process could not be started). ${again}`,
      'The engine ran out of memory (the system ended it because memory ran out). ' +
        'Close other programs, or let pictures take less memory (--memory-budget, --workers).',
      `The engine hung (its heartbeat did not come within 15 s). ${again}`,
      `The engine was ended by somebody else (it was ended by SIGTERM). ${again}`,
    ]);
  });
});

describe('deathOf', () => {
  const death = describeDeath(2, by('SIGSEGV'), quietly);

  it('finds the death behind an error, and behind errors around that', () => {
    const error = deathError(death);
    const around = new EnlargerError('engine-died', '/a.jpg: the engine died.', { cause: error });
    expect([deathOf(error), deathOf(around)]).toEqual([death, death]);
  });

  it('finds none elsewhere', () => {
    const others = [
      new EnlargerError('engine-died', 'The engine ended unexpectedly.'),
      new EnlargerError('decode-failed', '/a.jpg: no.', { cause: { code: 'ENOENT' } }),
      new Error('no', { cause: death }),
      'SIGSEGV',
      undefined,
    ];
    expect(others.map(deathOf)).toEqual(others.map(() => undefined));
  });
});
