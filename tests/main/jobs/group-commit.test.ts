import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { GroupCommit } from '../../../src/main/jobs/group-commit.ts';
import { Journal } from '../../../src/main/jobs/journal.ts';
import { journalPath, newBatch } from './made-up-jobs.ts';

async function open() {
  const path = await journalPath();
  const journal = new Journal(path);
  const reader = new DatabaseSync(path);
  onTestFinished(() => {
    reader.close();
    journal.close();
  });
  const titles = () =>
    reader
      .prepare('SELECT title FROM batches ORDER BY id')
      .all()
      .map(({ title }) => title);
  const commit = new GroupCommit(journal);
  const add = (title: string) => journal.batches.add(newBatch('', { title }));
  return { journal, commit, add, titles };
}

it('changes of one turn are committed together, and answered when others can see them', async () => {
  const { commit, add, titles } = await open();
  const seen: unknown[] = [];
  const writes = ['a', 'b', 'c'].map((title) =>
    commit.write(() => {
      seen.push(titles());
      return add(title);
    }),
  );
  expect(titles()).toEqual([]);
  expect(await writes[0]).toBe(1);
  expect(titles()).toEqual(['a', 'b', 'c']);
  expect(await Promise.all(writes)).toEqual([1, 2, 3]);
  expect(seen).toEqual([[], [], []]);
});

it('a change that fails is undone as a whole, and alone', async () => {
  const { commit, add, titles } = await open();
  const before = commit.write(() => add('before'));
  const failing = commit.write(() => {
    add('undone');
    throw new Error('No.');
  });
  const after = commit.write(() => add('after'));
  await expect(failing).rejects.toThrow('No.');
  await Promise.all([before, after]);
  expect(titles()).toEqual(['before', 'after']);
});

it('a change that nobody waits for is there after a flush, and after the next change', async () => {
  const { commit, add, titles } = await open();
  commit.note(() => add('a'));
  expect(titles()).toEqual([]);
  commit.flush();
  expect(titles()).toEqual(['a']);
  commit.note(() => add('b'));
  await commit.write(() => add('c'));
  expect(titles()).toEqual(['a', 'b', 'c']);
});

it('changes that cannot be committed are all refused, in words', async () => {
  const { journal, commit, add } = await open();
  const writes = [commit.write(() => add('a')), commit.write(() => add('b'))];
  journal.close();
  for (const write of writes) await expect(write).rejects.toThrow(/not open|finalized/);
});
