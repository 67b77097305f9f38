import { expect, it } from 'vitest';
import { shortcutList, shortcutOf } from '../../../src/renderer/app/shortcuts.ts';

const pressed = (key: string) => ({ key, ctrlKey: false, metaKey: false, altKey: false, repeat: false });

it('takes letters in either case, and signs', () => {
  expect(shortcutOf(pressed('s'))).toEqual({ kind: 'toggle', panel: 'strip' });
  expect(shortcutOf(pressed('E'))).toEqual({ kind: 'open', dialog: 'export' });
  expect(shortcutOf(pressed('?'))).toEqual({ kind: 'open', dialog: 'shortcuts' });
  expect(shortcutOf(pressed('x'))).toBeUndefined();
  expect(shortcutOf(pressed('Shift'))).toBeUndefined();
});

it.each(['ctrlKey', 'metaKey', 'altKey', 'repeat'] as const)('leaves keys with %s alone', (modifier) => {
  expect(shortcutOf({ ...pressed('s'), [modifier]: true })).toBeUndefined();
});

it('lists every key that works everywhere', () => {
  const everywhere = shortcutList('Ctrl').find(({ where }) => where === 'page')?.keys ?? [];
  expect(everywhere.map(({ keys: [key = ''] }) => shortcutOf(pressed(key)) !== undefined)).toEqual(
    everywhere.map(() => true),
  );
});
