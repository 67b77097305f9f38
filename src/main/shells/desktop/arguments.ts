import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Started {
  /** As `process.argv`. */
  argv: readonly string[];
  /** True where the program is Enlarger itself, and not Electron with Enlarger's folder as its first argument. */
  packaged: boolean;
  /** Folder that relative paths are meant from. */
  folder: string;
}

/**
 * The absolute paths among what the program was started with. Chromium and Electron take switches of their own, and the
 * system may add some: whatever begins with `-` is none of ours, and after `--` nothing is a switch.
 */
export function pathsOf({ argv, packaged, folder }: Started): string[] {
  const words = argv.slice(1);
  const end = words.indexOf('--');
  const before = (end < 0 ? words : words.slice(0, end)).filter((word) => !word.startsWith('-'));
  const named = packaged ? before : before.slice(1);
  const all = [...named, ...(end < 0 ? [] : words.slice(end + 1))];
  return all.flatMap((word) => pathOf(word, folder) ?? []);
}

/** The absolute path that a word stands for, be it an address of a file; undefined for any other address. */
export function pathOf(word: string, folder: string): string | undefined {
  if (word === '') return undefined;
  if (/^file:/i.test(word)) {
    try {
      return fileURLToPath(word);
    } catch {
      return undefined;
    }
  }
  // `C:\pictures` is no address.
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(word)) return undefined;
  return isAbsolute(word) ? word : resolve(folder, word);
}
