import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { ChangeFeed } from '../../../src/main/jobs/change-feed.ts';
import { openJobService } from '../../../src/main/jobs/job-service.ts';
import { folderError } from '../../../src/main/jobs/journal-error.ts';
import { migrations } from '../../../src/main/jobs/migrations/index.ts';
import { journalPath, newBatch, openCalls } from './made-up-jobs.ts';

function database<T>(path: string, use: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(path);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

describe('a journal', () => {
  it.each(migrations.map((_, version) => version))(
    'of schema %i is brought up to date, with what it holds',
    async (version) => {
      const path = await journalPath();
      database(path, (db) => {
        for (const step of migrations.slice(0, version)) db.exec(step);
        db.exec(`PRAGMA user_version = ${version}`);
        if (version > 0) {
          db.exec(
            "INSERT INTO batches (title, recipe, out, shell, state, created) VALUES ('Old', '1', '/', 'cli', 'queued', 1)",
          );
        }
      });
      const jobs = openCalls(path);
      expect((await jobs.batches()).map(({ title }) => title)).toEqual(version > 0 ? ['Old'] : []);
      jobs.close();
      const current = database(path, (db) => db.prepare('PRAGMA user_version').get()?.user_version);
      expect(current).toBe(migrations.length);
    },
  );

  it('of a newer Enlarger is refused in words, and left as it is', async () => {
    const path = await journalPath();
    database(path, (db) => db.exec(`CREATE TABLE later (a); PRAGMA user_version = ${migrations.length + 1}`));
    const bytes = await readFile(path);
    expect(() => openCalls(path)).toThrow(
      expect.objectContaining({
        code: 'journal-too-new',
        message: expect.stringMatching(/journal\.db: .*Install the newer Enlarger/),
      }),
    );
    expect(await readFile(path)).toEqual(bytes);
    expect(await readdir(dirname(path))).toEqual(['journal.db']);
  });

  it('that is none is moved aside with what it holds, and a new one begins', async () => {
    const path = await journalPath();
    await writeFile(path, 'x'.repeat(5_000));
    const service = openJobService(path, new ChangeFeed());
    expect(await service.calls.batches()).toEqual([]);
    service.close();
    expect((await readdir(dirname(path))).toSorted()).toEqual([
      expect.stringMatching(/^journal\.broken-[0-9T.-]+\.db$/),
      'journal.db',
    ]);
    expect(service.warning).toMatch(/journal\.broken-.*a new one has begun/);
  });

  it('that is damaged is moved aside when it is opened', async () => {
    const path = await journalPath();
    const before = openCalls(path);
    await before.addBatch(
      newBatch(
        'abcdefgh'
          .repeat(20)
          .split('')
          .map((name, at) => name + at),
      ),
    );
    before.close();
    const bytes = await readFile(path);
    bytes.fill(0x55, 4096 * 3);
    await writeFile(path, bytes);
    const service = openJobService(path, new ChangeFeed());
    expect(service.warning).toMatch(/damaged/);
    expect(await service.calls.batches()).toEqual([]);
    service.close();
  });

  it.each(['a file', join('a file', 'below')])(
    'in a folder that cannot be made (%s) is an error that names the folder and says what to do',
    async (name) => {
      const folder = join(dirname(await journalPath()), name);
      await writeFile(join(folder.slice(0, -name.length), 'a file'), 'where the folder would be');
      const words =
        /: the folder of the journal cannot be used \(E\w+: .+\)\. Change its permissions, or set ENLARGER_HOME to another folder\.$/;
      expect(() => openCalls(join(folder, 'journal.db'))).toThrow(
        expect.objectContaining({
          ...{ code: 'permission-denied', file: folder },
          message: expect.stringMatching(new RegExp(`^${folder}${words.source}`)),
        }),
      );
    },
  );

  it('whose folder has no room left is another error than one whose folder is closed', () => {
    const said = (code: string) => folderError(Object.assign(new Error(`${code}: no`), { code }), '/state');
    expect([said('ENOSPC'), said('EROFS')].map(({ code, message }) => [code, message])).toEqual([
      [
        'disk-full',
        '/state: the folder of the journal cannot be used (ENOSPC: no). Make room on that disk, or set ENLARGER_HOME to another folder.',
      ],
      [
        'permission-denied',
        '/state: the folder of the journal cannot be used (EROFS: no). Change its permissions, or set ENLARGER_HOME to another folder.',
      ],
    ]);
  });
});
