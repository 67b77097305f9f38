import type { RecipeWords } from '../../shared/contract/recipe.ts';
import { DEFAULT_QUALITY } from '../../shared/formats.ts';

type Format = RecipeWords['format'];

/** The quality that a format is written with where none is chosen; undefined for one that loses nothing. */
export function defaultQuality(format: Format): number | undefined {
  return format in DEFAULT_QUALITY ? DEFAULT_QUALITY[format as keyof typeof DEFAULT_QUALITY] : undefined;
}

/** Whether results of this format may lose something, so that their quality matters. */
export function isLossy(format: Format): boolean {
  return format === 'keep' || format in DEFAULT_QUALITY;
}

/** `recipe` with another quality; without one each format has its own. */
export function withQuality({ quality: _, ...rest }: RecipeWords, quality: number | undefined): RecipeWords {
  return quality === undefined ? rest : { ...rest, quality };
}

/** What was typed as a quality; undefined where it is none. */
export function parseQuality(text: string): number | undefined {
  if (!/^\s*\d{1,3}\s*$/.test(text)) return undefined;
  return Math.min(100, Math.max(1, Number(text)));
}

/** `recipe` with another strength, 0 to 1; without one the model has its own. */
export function withStrength(
  { strength: _, ...rest }: RecipeWords,
  strength: number | undefined,
): RecipeWords {
  return strength === undefined ? rest : { ...rest, strength };
}

/** `recipe` with another model. What was chosen as strength meant something to the one before. */
export function withModel(recipe: RecipeWords, model: string): RecipeWords {
  return recipe.model === model ? recipe : { ...withStrength(recipe, undefined), model };
}

/** What was typed as a share in per cent; undefined where it is none. */
export function parsePercent(text: string): number | undefined {
  const [, digits] = /^\s*(\d{1,3})\s*%?\s*$/.exec(text) ?? [];
  return digits === undefined ? undefined : Math.min(100, Number(digits));
}

/** Megapixels a second, to two digits at most: nobody can measure more. */
export function formatSpeed(megapixels: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumSignificantDigits: 2 }).format(megapixels);
}
