import { EnlargerError } from '../../shared/errors.ts';

/** What a template can be filled with. */
export interface NameTokens {
  /** The source's name without its extension. */
  name: string;
  scale: number;
  model: string;
  /** Extension of the result, no dot. */
  ext: string;
  /** Place in the batch, from 1. */
  index: number;
}

const TOKENS = ['name', 'scale', 'model', 'ext', 'index'] as const satisfies readonly (keyof NameTokens)[];

export const DEFAULT_TEMPLATE = '{name}-x{scale}.{ext}';

/** Longest file name that common file systems hold, in UTF-8 bytes. */
const LONGEST_NAME = 255;

/**
 * Throws `bad-argument` for a template that names unknown tokens or would lead out of its folder.
 * A template without `{ext}` gets it appended when it is filled.
 */
export function checkTemplate(template: string): void {
  const unknown = [...template.matchAll(/\{([^}]*)\}/g)]
    .map((match) => match[1])
    .find((token) => !isToken(token));
  if (unknown !== undefined) {
    const known = TOKENS.map((token) => `{${token}}`).join(' ');
    throw new EnlargerError('bad-argument', `--name: '{${unknown}}' is not known. The tokens are ${known}.`);
  }
  if (/[/\\]/.test(template)) {
    throw new EnlargerError(
      'bad-argument',
      `--name: '${template}' holds a path. Folders are given by --out.`,
    );
  }
  if (template.trim() === '') {
    throw new EnlargerError('bad-argument', `--name: empty. The default is '${DEFAULT_TEMPLATE}'.`);
  }
}

function isToken(token: string | undefined): token is keyof NameTokens {
  return (TOKENS as readonly (string | undefined)[]).includes(token);
}

/** A safe file name: the template filled, characters that a file system forbids replaced, cut to length. */
export function fillTemplate(template: string, tokens: NameTokens): string {
  const whole = template.includes('{ext}') ? template : `${template}.{ext}`;
  const filled = whole.replaceAll(/\{(\w+)\}/g, (match, token) =>
    isToken(token) ? String(tokens[token]) : match,
  );
  return safeName(filled, tokens.ext);
}

/** Names that Windows gives to devices, whatever their extension. */
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)/i;

function safeName(name: string, ext: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  let safe = name.replaceAll(/[<>:"/\\|?*\u0000-\u001f]/g, '_').replace(/^\.+/, '_');
  if (DEVICES.test(safe)) safe = `_${safe}`;
  const tail = safe.endsWith(`.${ext}`) ? `.${ext}` : '';
  // Windows drops dots and spaces from the end of a name, and would open another file.
  return cut(safe.slice(0, safe.length - tail.length), tail).replace(/[. ]+$/, '_');
}

/** `stem` and `tail`, so much of the stem's end left out that the name is not too long. */
function cut(stem: string, tail: string): string {
  const characters = Array.from(stem);
  while (characters.length > 0 && Buffer.byteLength(characters.join('') + tail) > LONGEST_NAME) {
    characters.pop();
  }
  return characters.join('') + tail;
}

/** What follows the last dot is an extension up to this length, dot included. */
const LONGEST_EXTENSION = 16;

/** `photo.jpg` → `photo (2).jpg`. Other numbers make other names, however long they are. */
export function numbered(name: string, number: number): string {
  const dot = name.lastIndexOf('.');
  const end = dot > 0 && name.length - dot <= LONGEST_EXTENSION ? dot : name.length;
  return cut(name.slice(0, end), ` (${number})${name.slice(end)}`);
}
