import { describe, expect, it } from 'vitest';
import {
  defaultQuality,
  formatSpeed,
  isLossy,
  parsePercent,
  parseQuality,
  withModel,
  withQuality,
  withStrength,
} from '../../../src/renderer/recipe/recipe-facts.ts';
import { recipeSchema } from '../../../src/shared/contract/recipe.ts';

describe('quality', () => {
  it('matters for formats that lose something, and for those that are kept', () => {
    const formats = ['keep', 'jpeg', 'png', 'webp', 'avif', 'tiff'] as const;
    expect(formats.filter(isLossy)).toEqual(['keep', 'jpeg', 'webp', 'avif']);
    expect(formats.map(defaultQuality)).toEqual([undefined, 92, undefined, 90, 70, undefined]);
  });

  it.each([
    ['80', 80],
    [' 7 ', 7],
    ['0', 1],
    ['250', 100],
    ['', undefined],
    ['8.5', undefined],
    ['high', undefined],
  ])('takes %j for %s', (text, quality) => {
    expect(parseQuality(text)).toBe(quality);
  });

  it('is left to each format by leaving it out', () => {
    const recipe = recipeSchema.parse({ quality: 50 });
    expect(withQuality(recipe, 60).quality).toBe(60);
    expect('quality' in withQuality(recipe, undefined)).toBe(false);
  });
});

describe('formatSpeed', () => {
  it.each([
    [1.2345, '1.2'],
    [0.0456, '0.046'],
    [123.4, '120'],
  ])('rounds %d to %s', (speed, text) => {
    expect(formatSpeed(speed, 'en')).toBe(text);
  });
});

describe('strength', () => {
  const recipe = recipeSchema.parse({});

  it.each([
    ['80', 80],
    [' 7 % ', 7],
    ['0%', 0],
    ['250', 100],
    ['', undefined],
    ['8.5', undefined],
    ['%', undefined],
  ])('takes %j for %s', (text, percent) => {
    expect(parsePercent(text)).toBe(percent);
  });

  it('is left to the model by leaving it out, and means nothing to another one', () => {
    const strong = withStrength(recipe, 0.8);
    expect(strong).toEqual({ ...recipe, strength: 0.8 });
    expect(withStrength(strong, undefined)).toEqual(recipe);
    expect(withModel(strong, 'other')).toEqual({ ...recipe, model: 'other' });
    expect(withModel(strong, strong.model)).toBe(strong);
  });
});
