import { useEffect, useState } from 'react';
import type { Size } from './camera.ts';

/** The size of the picture behind an address; null where the browser cannot show it, undefined until that is known. */
export function useNaturalSize(url: string | undefined): Size | null | undefined {
  const [found, setFound] = useState<{ url: string; size: Size | null }>();
  useEffect(() => {
    if (url === undefined) return;
    const image = new Image();
    const found = (size: Size | null) => setFound({ url, size });
    image.onload = () => found({ width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = () => found(null);
    image.src = url;
    return () => {
      image.onload = null;
      image.onerror = null;
    };
  }, [url]);
  return found?.url === url ? found?.size : undefined;
}
