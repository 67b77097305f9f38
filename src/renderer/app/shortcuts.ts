import type { DialogName, Panel } from '../stores/view-store.ts';

/** What a key does wherever the focus is. */
type Shortcut = { kind: 'toggle'; panel: Panel } | { kind: 'open'; dialog: DialogName };

const SHORTCUTS: Readonly<Record<string, Shortcut>> = {
  s: { kind: 'toggle', panel: 'strip' },
  r: { kind: 'toggle', panel: 'recipe' },
  m: { kind: 'toggle', panel: 'dashboard' },
  e: { kind: 'open', dialog: 'export' },
  h: { kind: 'open', dialog: 'history' },
  ',': { kind: 'open', dialog: 'settings' },
  '?': { kind: 'open', dialog: 'shortcuts' },
};

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat'>;

/** What a key stands for; nothing with Ctrl and the like, which belong to the browser and the system. */
export function shortcutOf({ key, ctrlKey, metaKey, altKey, repeat }: Pressed): Shortcut | undefined {
  if (ctrlKey || metaKey || altKey || repeat) return undefined;
  return SHORTCUTS[key.toLowerCase()];
}

/** Keys of one thing that can be done: one of these, or all of `together` at once. */
interface Keys {
  does: KeyWord;
  keys: readonly string[];
  together?: true;
}

/** Words of `app.keys`. */
type KeyWord =
  | 'strip'
  | 'recipe'
  | 'dashboard'
  | 'export'
  | 'history'
  | 'settings'
  | 'shortcuts'
  | 'peek'
  | 'move'
  | 'zoom'
  | 'fit'
  | 'actual'
  | 'go'
  | 'full'
  | 'step'
  | 'extend'
  | 'ends'
  | 'all'
  | 'remove';

/** Every key that the page knows, by where it works. `command` is Ctrl, or Command on macOS. */
export function shortcutList(
  command: string,
): { where: 'page' | 'picture' | 'list'; keys: readonly Keys[] }[] {
  return [
    {
      where: 'page',
      keys: [
        { does: 'strip', keys: ['S'] },
        { does: 'recipe', keys: ['R'] },
        { does: 'dashboard', keys: ['M'] },
        { does: 'export', keys: ['E'] },
        { does: 'history', keys: ['H'] },
        { does: 'settings', keys: [','] },
        { does: 'shortcuts', keys: ['?'] },
      ],
    },
    {
      where: 'picture',
      keys: [
        { does: 'peek', keys: ['space'] },
        { does: 'move', keys: ['←', '→', '↑', '↓'] },
        { does: 'zoom', keys: ['+', '−'] },
        { does: 'fit', keys: ['0'] },
        { does: 'actual', keys: ['1'] },
        { does: 'go', keys: ['[', ']'] },
        { does: 'full', keys: ['F'] },
      ],
    },
    {
      where: 'list',
      keys: [
        { does: 'step', keys: ['↑', '↓'] },
        { does: 'extend', keys: ['shift', '↓'], together: true },
        { does: 'ends', keys: ['home', 'end'] },
        { does: 'all', keys: [command, 'A'], together: true },
        { does: 'remove', keys: ['delete'] },
      ],
    },
  ];
}
