import type { RecipeWords } from '../../shared/contract/recipe.ts';
import { chooseFormat, extensionFor, OUTPUT_FORMATS, type Picture, type Size } from '../../shared/formats.ts';
import { fillTemplate } from '../../shared/name-template.ts';

/** A photograph as far as the name of its result depends on it. */
export interface Sample {
  /** File name of the source, extension included. */
  name: string;
  /** What the file holds, where it was looked into. */
  facts?: Picture & Size & { format: string };
}

/** What a result of `sample` would be called, as the `index`th of its batch, `scale` times larger. */
export function previewName(
  recipe: Pick<RecipeWords, 'model' | 'format' | 'name'>,
  { name, facts }: Sample,
  { scale, index }: { scale: number; index: number },
): string {
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot + 1)] : [name, ''];
  const size = { width: (facts?.width ?? 1) * scale, height: (facts?.height ?? 1) * scale };
  const picture = facts ?? { alpha: false, deep: false };
  const { format } = chooseFormat(recipe.format, facts?.format ?? formatOf(extension), size, picture);
  const ext = extensionFor(format, extension);
  return fillTemplate(recipe.name, { name: stem, scale, model: recipe.model, ext, index });
}

/** The format that an extension stands for, as sharp names it. */
function formatOf(extension: string): string {
  const lower = extension.toLowerCase();
  if (lower === 'heif') return 'heic';
  // Whatever a file without an extension holds, most photographs are this.
  if (lower === '') return 'jpeg';
  return OUTPUT_FORMATS.find((format) => extensionFor(format, lower) === lower) ?? lower;
}

/** `template` with `token` put in the place of what is selected in it, and where the cursor stands then. */
export function withToken(
  template: string,
  token: string,
  { start, end }: { start: number; end: number },
): { template: string; cursor: number } {
  const inserted = `{${token}}`;
  return {
    template: template.slice(0, start) + inserted + template.slice(end),
    cursor: start + inserted.length,
  };
}
