/** What a key does to the picture. */
export type Command =
  | { kind: 'pan'; x: -1 | 0 | 1; y: -1 | 0 | 1 }
  | { kind: 'go'; direction: 1 | -1 }
  | { kind: 'zoom'; direction: 1 | -1 }
  | { kind: 'fit' }
  | { kind: 'actual' }
  | { kind: 'peek' }
  | { kind: 'full' };

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** The command of a key; `tall` says whether the picture is higher than its pane. With Ctrl and the like keys belong to others. */
export function commandOf({ key, ctrlKey, metaKey, altKey }: Pressed, tall: boolean): Command | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  switch (key) {
    case 'ArrowLeft':
      return { kind: 'pan', x: 1, y: 0 };
    case 'ArrowRight':
      return { kind: 'pan', x: -1, y: 0 };
    case 'ArrowUp':
      return tall ? { kind: 'pan', x: 0, y: 1 } : { kind: 'go', direction: -1 };
    case 'ArrowDown':
      return tall ? { kind: 'pan', x: 0, y: -1 } : { kind: 'go', direction: 1 };
    case '[':
    case 'PageUp':
      return { kind: 'go', direction: -1 };
    case ']':
    case 'PageDown':
      return { kind: 'go', direction: 1 };
    case '+':
    case '=':
      return { kind: 'zoom', direction: 1 };
    case '-':
    case '_':
      return { kind: 'zoom', direction: -1 };
    case '0':
      return { kind: 'fit' };
    case '1':
      return { kind: 'actual' };
    case ' ':
      return { kind: 'peek' };
    case 'f':
    case 'F':
      return { kind: 'full' };
    default:
      return undefined;
  }
}
