import { useEffect } from 'react';
import type { FileRecord } from '../../shared/jobs.ts';
import { isInWork } from '../stores/library.ts';
import { useClient } from '../stores/session-store.ts';
import { useCompare } from './compare-store.ts';

/** Milliseconds that the camera rests before main is told where it is. */
const REST = 100;

/** Tells main where the user looks, so that it is made first. */
export function useLook(file: FileRecord | undefined): void {
  const client = useClient();
  const fileId = file && (file.state === 'queued' || isInWork(file.state)) ? file.id : undefined;
  useEffect(() => {
    if (fileId === undefined) return;
    // Nobody misses anything if it is not heard: tiles then come in their own order.
    const tell = (point: { x: number; y: number } | null) =>
      client.files.look({ fileId, point }).catch(() => {});
    let timer: ReturnType<typeof setTimeout> | undefined;
    const rest = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const { camera, size } = useCompare.getState();
        if (size) void tell({ x: Math.round(camera.x), y: Math.round(camera.y) });
      }, REST);
    };
    rest();
    const end = useCompare.subscribe(({ camera, size }, before) => {
      if (camera !== before.camera || size !== before.size) rest();
    });
    return () => {
      end();
      clearTimeout(timer);
      void tell(null);
    };
  }, [client, fileId]);
}
