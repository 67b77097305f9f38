import { useLayoutEffect, useState } from 'react';
import { addDropped } from './adding.ts';
import { takeDropped } from './read-drop.ts';

/** Takes what is dropped anywhere on the page. True while something that could be is held over it. */
export function useDrop(): boolean {
  const [over, setOver] = useState(false);
  useLayoutEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    // What is dragged from this page is not to be taken for something new.
    let own = false;
    const holdsFiles = ({ dataTransfer }: DragEvent) =>
      !own && dataTransfer?.types.includes('Files') === true;
    const on = <K extends 'dragstart' | 'dragend' | 'dragenter' | 'dragover' | 'dragleave' | 'drop'>(
      type: K,
      listener: (event: DragEvent) => void,
    ) => window.addEventListener(type, listener, { signal });

    on('dragstart', () => {
      own = true;
    });
    on('dragend', () => {
      own = false;
    });
    on('dragenter', (event) => {
      if (holdsFiles(event)) setOver(true);
    });
    on('dragover', (event) => {
      // A drop that nobody takes would open the file in place of the page.
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = holdsFiles(event) ? 'copy' : 'none';
    });
    on('dragleave', ({ relatedTarget }) => {
      if (relatedTarget === null) setOver(false);
    });
    on('drop', (event) => {
      event.preventDefault();
      setOver(false);
      if (!event.dataTransfer || !holdsFiles(event)) return;
      // The desktop shell knows where folders are; a browser has to be read out.
      void addDropped(takeDropped(event.dataTransfer, window.enlarger === undefined));
    });
    return () => stop.abort();
  }, []);
  return over;
}

/** Takes nothing, but keeps what is dropped from opening in place of the page. */
export function useNoDrop(): void {
  useLayoutEffect(() => {
    const stop = new AbortController();
    const refuse = (event: DragEvent) => {
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'none';
    };
    window.addEventListener('dragover', refuse, { signal: stop.signal });
    window.addEventListener('drop', refuse, { signal: stop.signal });
    return () => stop.abort();
  }, []);
}
