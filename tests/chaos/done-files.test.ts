import { describe, expect, it } from 'vitest';
import { DoneFiles } from '../../chaos/done-files.ts';
import type { JournalFile } from '../../chaos/journal-copy.ts';

const row = (change: Partial<JournalFile> = {}): JournalFile => ({
  ...{ id: 1, source: '/in/a.jpg', state: 'done', attempts: 1, started: 1000, ended: 2000 },
  ...{ target: '/out/a.jpg', sha256: 'cafe', ...change },
});

function repeated(tell: (files: DoneFiles) => void): string[] {
  const files = new DoneFiles();
  tell(files);
  return files.repeated;
}

describe('DoneFiles', () => {
  it('finds nothing wrong with a file that is taken up again before it is done', () => {
    const found = repeated((files) => {
      files.line('/in/a.jpg', 'started');
      files.journal([row({ state: 'encoding', ended: null, target: null, sha256: null })]);
      files.line('/in/a.jpg', 'started');
      files.line('/in/a.jpg', 'done');
      files.journal([row({ attempts: 2 })]);
      files.journal([row({ attempts: 2 })]);
    });
    expect(found).toEqual([]);
  });

  it.each<[string, (files: DoneFiles) => void]>([
    ['main had said that it is done', (files) => files.line('/in/a.jpg', 'done')],
    ['the journal had it as done', (files) => files.journal([row()])],
  ])('finds a file that is taken up again after %s', (_, done) => {
    const found = repeated((files) => {
      done(files);
      files.line('/in/a.jpg', 'started');
    });
    expect(found).toEqual(['/in/a.jpg']);
  });

  it('finds a file that the journal has with another attempt after it was done', () => {
    const found = repeated((files) => {
      files.journal([row()]);
      files.journal([row({ attempts: 2 })]);
    });
    expect(found).toEqual(['/in/a.jpg']);
  });

  it('counts a file once, whoever says that it is done', () => {
    const files = new DoneFiles();
    files.line('/in/a.jpg', 'done');
    files.journal([row(), row({ id: 2, source: '/in/b.jpg' })]);
    expect(files.count).toBe(2);
  });
});
