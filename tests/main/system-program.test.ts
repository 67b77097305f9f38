import { afterEach, expect, it, vi } from 'vitest';
import { systemProgram } from '../../src/main/system-program.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  ['D:\\Windows', 'D:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'],
  [undefined, 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'],
])('a program is named with the folder that Windows is in: %s', (root, path) => {
  vi.stubEnv('SystemRoot', root);
  expect(systemProgram('WindowsPowerShell', 'v1.0', 'powershell.exe')).toBe(path);
});
