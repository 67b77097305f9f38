/** What only the system around a window can do; a browser has none of it. Paths are absolute. */
export interface SystemCalls {
  /** Dialogs; nothing where the user thought better of it. */
  pickPictures(): Promise<readonly string[]>;
  pickFolders(): Promise<readonly string[]>;
  pickOut(): Promise<string | undefined>;
  /** Folders that results went to lately, the latest first; some may be gone. */
  recentOuts(): readonly string[];
  /** Shows a file in the file manager. */
  reveal(path: string): void;
  /** Begins a drag of these files out of the window. Throws `not-found` for one that is gone. */
  dragOut(paths: readonly string[]): Promise<void>;
}
