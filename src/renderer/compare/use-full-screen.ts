import { type RefObject, useCallback, useEffect, useState } from 'react';

/** Whether `element` fills the screen, and what changes that. */
export function useFullScreen(element: RefObject<HTMLElement | null>): [boolean, () => void] {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const changed = () =>
      setFull(document.fullscreenElement !== null && document.fullscreenElement === element.current);
    document.addEventListener('fullscreenchange', changed);
    return () => document.removeEventListener('fullscreenchange', changed);
  }, [element]);
  const toggle = useCallback(() => {
    // A browser may refuse; then all stays as it is.
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    else element.current?.requestFullscreen().catch(() => {});
  }, [element]);
  return [full, toggle];
}
