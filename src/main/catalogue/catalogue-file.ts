import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type CatalogueEntry, catalogueSchema } from '../../shared/catalogue.ts';
import { EnlargerError } from '../../shared/errors.ts';

/** The models that `file` lists. Throws `not-found` where it is missing or makes no sense. */
export async function readCatalogue(file: string): Promise<readonly CatalogueEntry[]> {
  try {
    return catalogueSchema.parse(JSON.parse(await readFile(file, 'utf8'))).models;
  } catch (error) {
    const words = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    const reason = words.replaceAll(/\s*\n\s*/g, ' ').slice(0, 500);
    const message = `${file}: the catalogue of models cannot be read (${reason}). Install Enlarger again.`;
    throw new EnlargerError('not-found', message, { file, cause: error });
  }
}
