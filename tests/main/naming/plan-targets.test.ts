import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planTargets } from '../../../src/main/naming/plan-targets.ts';

const OUT = resolve('/out');
const OPTIONS = { out: OUT, template: '{name}-x{scale}.{ext}', scale: 4, model: 'photo-x4' };

/** The targets of `sources` (relative paths; the folder is mirrored) below the output folder. */
function targets(sources: readonly string[], template = OPTIONS.template): string[] {
  const files = sources.map((path) => {
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    return { source: resolve('/photos', path), folder, ext: 'jpg' };
  });
  const planned = planTargets(files, { ...OPTIONS, template });
  return planned.map((target) => target.slice(OUT.length + 1).replaceAll('\\', '/'));
}

describe('planTargets', () => {
  it('mirrors the folders of the sources', () => {
    const [top, deep] = planTargets(
      [
        { source: resolve('/photos/a.jpg'), folder: '', ext: 'jpg' },
        { source: resolve('/photos/2024/июнь/b.c.PNG'), folder: join('2024', 'июнь'), ext: 'PNG' },
      ],
      OPTIONS,
    );
    expect([top, deep]).toEqual([join(OUT, 'a-x4.jpg'), join(OUT, '2024', 'июнь', 'b.c-x4.PNG')]);
  });

  it('numbers the later of two that would share a name', () => {
    expect(targets(['a.png', 'a.jpg', 'sub/a.jpg', 'a.tif'])).toEqual([
      'a-x4.jpg',
      'a-x4 (2).jpg',
      'sub/a-x4.jpg',
      'a-x4 (3).jpg',
    ]);
  });

  it('takes names that differ in letter case for the same', () => {
    expect(targets(['Straße.jpg', 'STRASSE.jpg', 'a.jpg', 'A.jpg', 'Sub/a.jpg', 'sub/a.jpg'])).toEqual([
      'Straße-x4.jpg',
      'STRASSE-x4.jpg',
      'a-x4.jpg',
      'A-x4 (2).jpg',
      'Sub/a-x4.jpg',
      'sub/a-x4 (2).jpg',
    ]);
  });

  it('takes names that differ in Unicode normalisation for the same', () => {
    const [composed, decomposed] = ['caf\u00e9.jpg', 'cafe\u0301.jpg'];
    expect(targets([composed, decomposed])).toEqual(['caf\u00e9-x4.jpg', 'cafe\u0301-x4 (2).jpg']);
  });

  it('avoids a number that a source has in its name', () => {
    expect(targets(['a (2).jpg', 'a.jpg', 'a.png'], '{name}')).toEqual(['a (2).jpg', 'a.jpg', 'a (3).jpg']);
  });

  it('keeps apart what a template without {name} makes the same', () => {
    expect(targets(['a.jpg', 'b.jpg', 'c.jpg'], 'holiday')).toEqual([
      'holiday.jpg',
      'holiday (2).jpg',
      'holiday (3).jpg',
    ]);
  });

  it('counts by {index} in the order of the batch', () => {
    expect(targets(['b.jpg', 'a.jpg'], '{index}-{model}')).toEqual(['1-photo-x4.jpg', '2-photo-x4.jpg']);
  });

  it('keeps names apart that are the same once cut', () => {
    const long = '日'.repeat(90);
    const planned = targets([`${long}1.jpg`, `${long}2.jpg`, `${long}3.jpg`]);
    expect(planned.map((name) => name.replaceAll('日', ''))).toEqual(['.jpg', ' (2).jpg', ' (3).jpg']);
  });
});
