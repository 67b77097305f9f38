import type { CatalogueEntry } from '../../shared/catalogue.ts';
import type { Download, OfferedModel } from '../../shared/contract/catalogue.ts';
import { bytesInPart } from './part-file.ts';

interface Known {
  /** Folder of what has arrived of files. */
  folder: string;
  has: (id: string) => boolean;
  /** How far a download is that goes on in this program. */
  running?: (id: string) => Download | undefined;
}

/** The models of a catalogue with what is here of them, in its order. */
export function offeredModels(entries: Iterable<CatalogueEntry>, known: Known): Promise<OfferedModel[]> {
  const offered = async ({ conventions: _, ...entry }: CatalogueEntry): Promise<OfferedModel> => {
    const running = known.running?.(entry.id);
    if (running) return { ...entry, state: 'downloading', bytesDone: running.bytesDone };
    if (known.has(entry.id)) return { ...entry, state: 'here', bytesDone: entry.bytes };
    const bytesDone = await bytesInPart(known.folder, entry.id);
    return { ...entry, state: bytesDone > 0 ? 'partial' : 'absent', bytesDone };
  };
  return Promise.all([...entries].map(offered));
}
