import { EnlargerError } from '../../shared/errors.ts';

/**
 * Says no to the model `file`. `reasons`: in words, without full stops. `advice`: what to do, a sentence.
 */
export function refusal(
  file: string,
  reasons: readonly string[],
  advice = 'Export it again as a network that takes one picture and gives one picture, or choose another.',
): EnlargerError {
  const message = `${file}: this is not a model that Enlarger can use (${reasons.join('; ')}). ${advice}`;
  return new EnlargerError('model-invalid', message, { file });
}
