import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { installationFolder, modelsFolder, scratchFolder } from '../../src/main/installation.ts';

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
  expect([dirname(scratchFolder()), scratchFolder()]).toEqual([tmpdir(), join(tmpdir(), `enlarger-${user}`)]);
});
