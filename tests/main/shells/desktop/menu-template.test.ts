import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { type MenuActions, menuTemplate } from '../../../../src/main/shells/desktop/menu-template.ts';
import { wordsFor } from '../../../../src/main/shells/desktop/words.ts';

const nothing: MenuActions = { open: () => {}, openFolder: () => {}, export: () => {}, settings: () => {} };
const DEFAULTS = { words: wordsFor('en', []), actions: nothing, mac: false, developing: false };

function flat(items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}

const variants = [true, false].flatMap((mac) => [true, false].map((developing) => ({ mac, developing })));

describe.each(variants)('the menu ($mac: as on macOS, $developing: for developers)', (variant) => {
  const items = flat(menuTemplate({ ...DEFAULTS, ...variant }));

  it('gives every item a label and something to do', () => {
    const mute = items.filter(
      ({ type, label, role, click, submenu }) =>
        type !== 'separator' && !(label && (role || click || submenu)),
    );
    expect(mute).toEqual([]);
  });

  it('uses no keys twice', () => {
    const keys = items.flatMap(({ accelerator }) => accelerator ?? []);
    expect(keys.toSorted()).toEqual(['CmdOrCtrl+,', 'CmdOrCtrl+E', 'CmdOrCtrl+O', 'CmdOrCtrl+Shift+O']);
  });

  it('has what developers need for them only', () => {
    const roles = items.map(({ role }) => role);
    expect(roles.includes('toggleDevTools')).toBe(variant.developing);
    expect(roles.includes('reload')).toBe(variant.developing);
  });

  it('says the same in Chinese', () => {
    const words = wordsFor('zh-CN', []);
    const chinese = flat(menuTemplate({ ...DEFAULTS, ...variant, words }));
    expect(chinese.map(({ role }) => role)).toEqual(items.map(({ role }) => role));
    const labels = chinese.flatMap(({ label }) => label ?? []).filter((label) => label !== 'Enlarger');
    expect(labels.filter((label) => !/\p{Script=Han}/u.test(label))).toEqual([]);
  });
});

it('does what its items say', () => {
  const done: string[] = [];
  const actions: MenuActions = {
    open: () => done.push('open'),
    openFolder: () => done.push('openFolder'),
    export: () => done.push('export'),
    settings: () => done.push('settings'),
  };
  for (const { click } of flat(menuTemplate({ ...DEFAULTS, actions })))
    (click as (() => void) | undefined)?.();
  expect(done).toEqual(['open', 'openFolder', 'export', 'settings']);
});

it.each([
  ['system', [], 'File'],
  ['system', ['fr-FR', 'de'], 'File'],
  ['system', ['zh-Hans-CN', 'en-US'], '文件'],
  ['system', ['fr', 'zh_TW'], '文件'],
  ['system', ['en-GB', 'zh-CN'], 'File'],
  ['en', ['zh-CN'], 'File'],
  ['zh-CN', ['en-US'], '文件'],
] as const)('%s with %j speaks the language that has %s', (setting, preferred, file) => {
  expect(wordsFor(setting, preferred).file).toBe(file);
});
