import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SettingsFile } from '../../../src/main/application/settings-file.ts';
import { temporaryFolder } from '../../support/pictures.ts';

it('begins with defaults, which stand for the whole recipe', async () => {
  const { settings, warning } = await SettingsFile.open(join(await temporaryFolder(), 'not', 'there'));
  expect(warning).toBeUndefined();
  expect(settings.get()).toEqual({
    language: 'system',
    startAtOnce: true,
    theme: 'dark',
    resumeAtStart: true,
    device: 'auto',
    network: true,
    recipe: {
      model: 'photo-x2',
      variant: 'auto',
      format: 'keep',
      removeGps: false,
      name: '{name}-x{scale}.{ext}',
      onCollision: 'skip',
      recursive: true,
    },
  });
});

it('keeps what was set, in the order in which it was set, and nothing beside it', async () => {
  const folder = await temporaryFolder();
  const { settings } = await SettingsFile.open(folder);
  await Promise.all([
    settings.set({ language: 'zh-CN' }),
    settings.set({ theme: 'dark' }),
    settings.set({ theme: 'light', resumeAtStart: false }),
  ]);
  const again = await SettingsFile.open(folder);
  expect(again.settings.get()).toEqual(settings.get());
  expect(again.settings.get()).toMatchObject({ language: 'zh-CN', theme: 'light', resumeAtStart: false });
  expect(await readdir(folder)).toEqual(['settings.json']);
});

it.each([
  ['cut short', '{ "theme": "da'],
  ['of another kind', '[]'],
  ['of other values', '{ "theme": "pink" }'],
])('a file that is %s is set aside as it is, and named', async (_, text) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'settings.json'), text);
  const { settings, warning } = await SettingsFile.open(folder);
  expect(settings.get().theme).toBe('dark');
  const [aside] = await readdir(folder);
  expect(await readFile(join(folder, aside as string), 'utf8')).toBe(text);
  expect(warning).toContain(join(folder, aside as string));
  await settings.set({ theme: 'dark' });
  expect((await SettingsFile.open(folder)).settings.get().theme).toBe('dark');
});

it('a write that was cut leaves the old settings', async () => {
  const folder = await temporaryFolder();
  const { settings } = await SettingsFile.open(folder);
  await settings.set({ theme: 'dark' });
  await writeFile(join(folder, 'settings.json.0123456789abcdef.new'), '{ "the');
  expect((await SettingsFile.open(folder)).settings.get().theme).toBe('dark');
});
