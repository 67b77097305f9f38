import { expect, it } from 'vitest';
import { SettingsWriter } from '../../../src/renderer/stores/settings-writer.ts';
import { type Settings, type SettingsChange, settingsSchema } from '../../../src/shared/contract/settings.ts';

/** A writer whose writes end when a test says so. */
function madeUpWriter() {
  const writes: { change: SettingsChange; ends: PromiseWithResolvers<Settings> }[] = [];
  const problems: unknown[] = [];
  const page = { settings: settingsSchema.parse({}) };
  const writer = new SettingsWriter({
    write: (change) => {
      const ends = Promise.withResolvers<Settings>();
      writes.push({ change, ends });
      return ends.promise;
    },
    show: (settings) => {
      page.settings = settings;
    },
    shown: () => page.settings,
    onProblem: (error) => problems.push(error),
  });
  return { writer, writes, problems, page };
}

const DEFAULTS = settingsSchema.parse({});

it('shows a change before it is written, and what main made of it then', async () => {
  const { writer, writes, page } = madeUpWriter();
  const changing = writer.change({ theme: 'dark' });
  expect(page.settings.theme).toBe('dark');
  writes[0]?.ends.resolve({ ...DEFAULTS, theme: 'dark', startAtOnce: false });
  await changing;
  expect(page.settings).toEqual({ ...DEFAULTS, theme: 'dark', startAtOnce: false });
});

it('takes back what could not be written, and says why', async () => {
  const { writer, writes, page } = madeUpWriter();
  const changing = writer.change({ theme: 'light' });
  writes[0]?.ends.reject(new Error('disk full'));
  await expect(changing).rejects.toThrow('disk full');
  expect(page.settings).toEqual(DEFAULTS);
});

it('writes what comes close together as one', async () => {
  const { writer, writes, page } = madeUpWriter();
  for (const quality of [90, 80, 70]) {
    writer.changeSoon({ recipe: { ...DEFAULTS.recipe, quality } });
    expect(page.settings.recipe.quality).toBe(quality);
  }
  writer.changeSoon({ theme: 'dark' });
  expect(writes).toEqual([]);
  writer.flush();
  expect(writes.map(({ change }) => change)).toEqual([
    { theme: 'dark', recipe: { ...DEFAULTS.recipe, quality: 70 } },
  ]);
});

it('does not let the answer to one change undo a later one', async () => {
  const { writer, writes, page } = madeUpWriter();
  const first = writer.change({ theme: 'dark' });
  const second = writer.change({ theme: 'light' });
  writes[0]?.ends.resolve({ ...DEFAULTS, theme: 'dark' });
  await first;
  expect(page.settings.theme).toBe('light');
  writes[1]?.ends.resolve({ ...DEFAULTS, theme: 'light' });
  await second;
  expect(page.settings.theme).toBe('light');
});

it('tells of a change that waited and failed', async () => {
  const { writer, writes, problems, page } = madeUpWriter();
  writer.changeSoon({ theme: 'dark' });
  writer.flush();
  const failure = new Error('closed');
  writes[0]?.ends.reject(failure);
  await expect.poll(() => problems).toEqual([failure]);
  expect(page.settings).toEqual(DEFAULTS);
});
