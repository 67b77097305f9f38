import { describe, expect, it } from 'vitest';
import { previewName, withToken } from '../../../src/renderer/recipe/name-preview.ts';
import { recipeSchema } from '../../../src/shared/contract/recipe.ts';

const RECIPE = recipeSchema.parse({});
const PLACE = { scale: 2, index: 1 };

describe('previewName', () => {
  it.each([
    ['IMG_1.JPG', 'keep', 'IMG_1-x2.JPG'],
    ['IMG_1.jpeg', 'keep', 'IMG_1-x2.jpeg'],
    ['IMG_1.jpg', 'webp', 'IMG_1-x2.webp'],
    ['phone.heic', 'keep', 'phone-x2.jpg'],
    ['phone.HEIF', 'keep', 'phone-x2.jpg'],
    ['drawing.gif', 'keep', 'drawing-x2.png'],
    ['scan.tif', 'tiff', 'scan-x2.tif'],
    ['Dr. Who.png', 'keep', 'Dr. Who-x2.png'],
    ['noextension', 'keep', 'noextension-x2.jpg'],
    ['.hidden', 'png', '_hidden-x2.png'],
  ] as const)('calls the result of %s, written as %s, %s', (name, format, expected) => {
    expect(previewName({ ...RECIPE, format }, { name }, PLACE)).toBe(expected);
  });

  it('goes by what the file holds, not by its name, where it was looked into', () => {
    const facts = { format: 'png', width: 10, height: 10, alpha: true, deep: false };
    expect(previewName(RECIPE, { name: 'cut-out.jpg', facts }, PLACE)).toBe('cut-out-x2.png');
    expect(previewName({ ...RECIPE, format: 'jpeg' }, { name: 'cut-out.png', facts }, PLACE)).toBe(
      'cut-out-x2.png',
    );
  });

  it('fills every token', () => {
    const name = '{index} {model} {name} {scale}.{ext}';
    expect(
      previewName({ ...RECIPE, model: 'photo-x4', name }, { name: 'a.jpg' }, { scale: 4, index: 3 }),
    ).toBe('3 photo-x4 a 4.jpg');
  });
});

describe('withToken', () => {
  it('puts a token where the cursor stands, or in the place of what is selected', () => {
    expect(withToken('a-b', 'name', { start: 1, end: 1 })).toEqual({ template: 'a{name}-b', cursor: 7 });
    expect(withToken('a-b', 'ext', { start: 0, end: 3 })).toEqual({ template: '{ext}', cursor: 5 });
  });
});
