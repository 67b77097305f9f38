import { EnlargerError } from './errors.ts';

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

export const NAME_TOKENS = [
  'name',
  'scale',
  'model',
  'ext',
  'index',
] as const satisfies readonly (keyof NameTokens)[];

export const DEFAULT_TEMPLATE = '{name}-x{scale}.{ext}';

/** Longest file name that common file systems hold, in UTF-8 bytes. */
const LONGEST_NAME = 255;

/** Why a template cannot name results. */
export type TemplateProblem = { kind: 'unknown'; token: string } | { kind: 'path' } | { kind: 'empty' };

/** What is wrong with a template: unknown tokens, or that it would lead out of its folder; undefined if nothing is. */
export function templateProblem(template: string): TemplateProblem | undefined {
  const unknown = [...template.matchAll(/\{([^}]*)\}/g)]
    .map((match) => match[1])
    .find((token) => !isToken(token));
  if (unknown !== undefined) return { kind: 'unknown', token: `{${unknown}}` };
  if (/[/\\]/.test(template)) return { kind: 'path' };
  if (template.trim() === '') return { kind: 'empty' };
  return undefined;
}

/**
 * Throws `bad-argument` for a template that names unknown tokens or would lead out of its folder.
 * A template without `{ext}` gets it appended when it is filled.
 */
export function checkTemplate(template: string): void {
  const problem = templateProblem(template);
  if (problem) throw new EnlargerError('bad-argument', `--name: ${inWords(problem, template)}`);
}

function inWords(problem: TemplateProblem, template: string): string {
  switch (problem.kind) {
    case 'unknown': {
      const known = NAME_TOKENS.map((token) => `{${token}}`).join(' ');
      return `'${problem.token}' is not known. The tokens are ${known}.`;
    }
    case 'path':
      return `'${template}' holds a path. Folders are given by --out.`;
    case 'empty':
      return `empty. The default is '${DEFAULT_TEMPLATE}'.`;
  }
}

function isToken(token: string | undefined): token is keyof NameTokens {
  return (NAME_TOKENS as readonly (string | undefined)[]).includes(token);
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

/**
 * `name` in a form that every file system takes as that of one file or folder: neither a path nor a device. `ext`, no
 * dot, is kept where the name is too long.
 */
export function safeName(name: string, ext = ''): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  let safe = name.replaceAll(/[<>:"/\\|?*\u0000-\u001f]/g, '_').replace(/^\.+/, '_');
  if (DEVICES.test(safe)) safe = `_${safe}`;
  const tail = ext && safe.endsWith(`.${ext}`) ? `.${ext}` : '';
  // Windows drops dots and spaces from the end of a name, and would open another file.
  return cut(safe.slice(0, safe.length - tail.length), tail).replace(/[. ]+$/, '_');
}

/** `stem` and `tail`, so much of the stem's end left out that the name is not too long. */
function cut(stem: string, tail: string): string {
  const characters = Array.from(stem);
  while (characters.length > 0 && bytesOf(characters.join('') + tail) > LONGEST_NAME) {
    characters.pop();
  }
  return characters.join('') + tail;
}

const UTF8 = new TextEncoder();
const bytesOf = (text: string) => UTF8.encode(text).length;

/** What follows the last dot is an extension up to this length, dot included. */
const LONGEST_EXTENSION = 16;

/** `photo.jpg` → `photo (2).jpg`. Other numbers make other names, however long they are. */
export function numbered(name: string, number: number): string {
  const dot = name.lastIndexOf('.');
  const end = dot > 0 && name.length - dot <= LONGEST_EXTENSION ? dot : name.length;
  return cut(name.slice(0, end), ` (${number})${name.slice(end)}`);
}
