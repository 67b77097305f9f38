import { INPUT_EXTENSIONS } from '../../shared/formats.ts';
import { refusalOf, refusedByExtension } from '../../shared/refused-formats.ts';
import { withoutName } from '../components/file-names.ts';

/** What can be said of a file before anybody has looked into it. */
export type Verdict =
  | { take: true }
  /** `message`: what it is, and what makes a picture of it. */
  | { take: false; why: 'format'; message: string }
  | { take: false; why: 'other' | 'hidden' | 'empty' | 'large' };

interface Judged {
  name: string;
  bytes: number;
  /** It was not named itself, but lay in a folder that was. */
  inFolder: boolean;
}

/**
 * Whether a file can be a picture that is enlarged, by its name and size. One without any extension that somebody
 * named may be; in a folder it is none. `largest`: bytes that one may have.
 */
export function judge({ name, bytes, inFolder }: Judged, largest = Number.POSITIVE_INFINITY): Verdict {
  if (inFolder && name.startsWith('.')) return { take: false, why: 'hidden' };
  const extension = extensionOf(name);
  const kind = refusedByExtension(extension);
  if (kind) return { take: false, why: 'format', message: withoutName(refusalOf(name, kind).message, name) };
  const known = INPUT_EXTENSIONS.has(extension);
  if (!known && (inFolder || extension !== '')) return { take: false, why: 'other' };
  if (bytes === 0) return { take: false, why: 'empty' };
  return bytes > largest ? { take: false, why: 'large' } : { take: true };
}

/**
 * What of a folder is shown: pictures, and what somebody may have taken for one. The others are counted, without those
 * that are hidden.
 */
export function sift<T extends { file: Pick<File, 'name' | 'size'> }>(
  found: readonly T[],
): { shown: T[]; left: number } {
  const shown: T[] = [];
  let left = 0;
  for (const one of found) {
    const verdict = judge({ name: one.file.name, bytes: one.file.size, inFolder: true });
    if (verdict.take || (verdict.why !== 'other' && verdict.why !== 'hidden')) shown.push(one);
    else if (verdict.why === 'other') left += 1;
  }
  return { shown, left };
}

/** What browsers show by themselves. */
const SHOWN = new Set(['jpg', 'jpeg', 'jpe', 'jfif', 'png', 'webp', 'avif', 'gif', 'bmp']);

/** Whether the browser can show a file of this name without anybody's help. */
export function canShow(name: string): boolean {
  return SHOWN.has(extensionOf(name));
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}
