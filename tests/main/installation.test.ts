import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  diskFolder,
  installationFolder,
  modelsFolder,
  scratchFolder,
  stateFolder,
} from '../../src/main/installation.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('the installation lies where its package.json does', async () => {
  const { name } = JSON.parse(await readFile(join(installationFolder(), 'package.json'), 'utf8')) as {
    name: string;
  };
  expect([installationFolder(), name]).toEqual([resolve(import.meta.dirname, '..', '..'), 'enlarger']);
});

describe('modelsFolder', () => {
  it.each([undefined, ''])('is the one that ships (ENLARGER_MODELS: %j)', (value) => {
    vi.stubEnv('ENLARGER_MODELS', value);
    expect(modelsFolder()).toBe(join(installationFolder(), 'resources', 'models'));
  });

  it('is what ENLARGER_MODELS says', () => {
    vi.stubEnv('ENLARGER_MODELS', join('some', 'models'));
    expect(modelsFolder()).toBe(resolve('some', 'models'));
  });
});

it('scratch is temporary and of this user', () => {
  const user = process.getuid?.() ?? 'user';
  const folder = diskFolder(tmpdir(), '/var/tmp');
  expect([dirname(scratchFolder()), scratchFolder()]).toEqual([folder, join(folder, `enlarger-${user}`)]);
});

it.skipIf(!existsSync('/dev/shm'))(
  'scratch is not where files lie in memory (this system has no /dev/shm)',
  async () => {
    const onDisk = import.meta.dirname;
    expect(diskFolder('/dev/shm', onDisk)).toBe(onDisk);
    expect(diskFolder(onDisk, '/dev/shm')).toBe(onDisk);
    expect(diskFolder('/dev/shm', '/no/such/folder')).toBe('/dev/shm');
  },
);

describe('stateFolder', () => {
  const none = { ENLARGER_HOME: undefined, XDG_STATE_HOME: undefined, LOCALAPPDATA: undefined };
  const on = (platform: NodeJS.Platform, variables: Record<string, string>) => {
    for (const [name, value] of Object.entries({ ...none, ...variables })) vi.stubEnv(name, value);
    const real = Object.getOwnPropertyDescriptor(process, 'platform') as PropertyDescriptor;
    Object.defineProperty(process, 'platform', { ...real, value: platform });
    try {
      return stateFolder();
    } finally {
      Object.defineProperty(process, 'platform', real);
    }
  };

  it('is where each system keeps such things', () => {
    const local = join(homedir(), '.local', 'state', 'enlarger');
    expect([
      on('linux', {}),
      on('linux', { XDG_STATE_HOME: '/state' }),
      on('linux', { XDG_STATE_HOME: 'not/absolute' }),
      on('darwin', {}),
      on('win32', { LOCALAPPDATA: '/local' }),
      on('win32', {}),
    ]).toEqual([
      local,
      join('/state', 'enlarger'),
      local,
      join(homedir(), 'Library', 'Application Support', 'Enlarger'),
      join('/local', 'Enlarger'),
      join(homedir(), 'AppData', 'Local', 'Enlarger'),
    ]);
  });

  it('is what ENLARGER_HOME says', () => {
    expect(on('linux', { ENLARGER_HOME: 'somewhere', XDG_STATE_HOME: '/state' })).toBe(resolve('somewhere'));
  });
});
