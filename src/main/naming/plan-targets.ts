import { basename, extname, join } from 'node:path';
import { fillTemplate, numbered } from '../../shared/name-template.ts';

export interface Named {
  /** Absolute path of the source. */
  source: string;
  /** Folder of the result, below `out`. */
  folder: string;
  /** Extension of the result, no dot. */
  ext: string;
}

export interface NamingOptions {
  /** Absolute path. */
  out: string;
  template: string;
  scale: number;
  model: string;
}

/**
 * The path of every result, in the order of `files`. No two results share a path, letter case and Unicode
 * normalisation set aside (file systems differ in what they tell apart): the later one is numbered.
 */
export function planTargets(files: readonly Named[], options: NamingOptions): string[] {
  const taken = new Set<string>();
  return files.map(({ source, folder, ext }, position) => {
    const name = fillTemplate(options.template, {
      name: basename(source, extname(source)),
      scale: options.scale,
      model: options.model,
      ext,
      index: position + 1,
    });
    let target = join(options.out, folder, name);
    for (let number = 2; taken.has(identityOf(target)); number++) {
      target = join(options.out, folder, numbered(name, number));
    }
    taken.add(identityOf(target));
    return target;
  });
}

const identityOf = (path: string) => path.normalize('NFC').toLowerCase();
