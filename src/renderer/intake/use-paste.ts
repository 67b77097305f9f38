import i18next from 'i18next';
import { useLayoutEffect } from 'react';
import { addDropped } from './adding.ts';

/** Takes pictures and files that are pasted, wherever no text is written. */
export function usePaste(): void {
  useLayoutEffect(() => {
    const stop = new AbortController();
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0 || isWriting(event.target)) return;
      event.preventDefault();
      void addDropped({ files: files.map((file) => ({ file: named(file), folder: '' })), folders: [] });
    };
    window.addEventListener('paste', paste, { signal: stop.signal });
    return () => stop.abort();
  }, []);
}

/** What a browser calls a picture that has no name of its own. */
const NAMELESS = /^image\.(\w+)$/;

/** A picture without a name gets the moment as its name, so that several can be told apart. */
function named(file: File): File {
  const [, extension] = NAMELESS.exec(file.name) ?? [];
  if (extension === undefined || window.enlarger) return file;
  const time = new Date().toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
  return new File([file], `${i18next.t('intake.pasted', { time })}.${extension}`, { type: file.type });
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]');
}
