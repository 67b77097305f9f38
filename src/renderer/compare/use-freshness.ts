import { useEffect, useState } from 'react';
import { useLibrary } from '../stores/library-store.ts';
import type { Size } from './camera.ts';
import { Freshness } from './freshness.ts';

/** What has changed of a result in work, and when; undefined where none is. `onChange` is told of each change. */
export function useFreshness(
  fileId: number | undefined,
  size: Size | undefined,
  onChange: () => void,
): Freshness | undefined {
  const [freshness, setFreshness] = useState<Freshness>();
  const { width, height } = size ?? { width: 0, height: 0 };
  useEffect(() => {
    if (fileId === undefined || width === 0) return;
    const all = { x: 0, y: 0, width, height };
    let before = useLibrary.getState().progress.get(fileId)?.tilesDone ?? 0;
    let made = new Freshness({ width, height }, before);
    setFreshness(made);
    const end = useLibrary.subscribe(({ progress }, { progress: past }) => {
      const now = progress.get(fileId);
      if (!now || now === past.get(fileId)) return;
      if (now.tilesDone < before) {
        // It was taken up again from its beginning.
        made = new Freshness({ width, height }, 0);
        setFreshness(made);
      }
      // Messages may have been lost with the line: then anything may have changed.
      if (now.dirty) made.touch(now.dirty, now.tilesDone);
      else if (now.tilesDone > before) made.touch(all, now.tilesDone);
      if (now.tilesDone !== before) onChange();
      before = now.tilesDone;
    });
    return () => {
      end();
      setFreshness(undefined);
    };
  }, [fileId, width, height, onChange]);
  return freshness;
}
