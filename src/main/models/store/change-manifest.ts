import { isDeepStrictEqual } from 'node:util';
import type { ModelChange } from '../../../shared/contract/models.ts';
import { EnlargerError } from '../../../shared/errors.ts';
import { type ModelManifest, manifestSchema } from '../../../shared/models.ts';
import { isChoosable } from '../../../shared/network.ts';

/** Fields that people read, and nothing else. */
const WORDS: ReadonlySet<string> = new Set(['title', 'description', 'licence', 'source']);

/** `manifest` with `change` made to it. Throws `bad-argument` for what it has no use for. */
export function changedManifest(manifest: ModelManifest, change: ModelChange): ModelManifest {
  const { range, strength, tile, fixed, ...plain } = change;
  const next = { ...manifest, ...given(plain) } as ModelManifest;
  if (tile) next.tile = { cpu: tile };
  if (fixed === null) delete next.fixed;
  else if (fixed) next.fixed = fixed;
  if (strength !== undefined) {
    if (!manifest.strength) throw useless('strength', 'the network has none.');
    if (!isChoosable(manifest.strength))
      throw useless('strength', 'the network always gets the same number.');
    next.strength = { ...manifest.strength, default: strength };
  }
  if (range) {
    if (!takesFloats(manifest)) throw useless('range', 'the network takes bytes, from 0 to 255.');
    next.variants = manifest.variants.map(({ entries, ...variant }) => ({
      ...variant,
      entries: entries.map((entry) => (entry.dtype === 'float32' ? { ...entry, range } : entry)),
    }));
  }
  return manifestSchema.parse(next);
}

/** Whether a change is about what people read, and not about how the network is run. */
export function isOnlyWords(change: ModelChange): boolean {
  return Object.keys(given(change)).every((key) => WORDS.has(key));
}

/**
 * Throws `in-use` if `now` does not say of the same network what `before` said of how it is run: another has changed it
 * meanwhile. What people read may be another, and there may be more variants.
 */
export function expectSameUse(before: ModelManifest, now: ModelManifest): void {
  const kept = before.variants.every((variant) =>
    now.variants.some((other) => isDeepStrictEqual(variant, other)),
  );
  if (kept && isDeepStrictEqual(useOf(before), useOf(now))) return;
  const message = `Model '${before.id}' has been changed by another Enlarger meanwhile. Look at it, and try again.`;
  throw new EnlargerError('in-use', message);
}

/** All but variants and what people read. */
function useOf({ variants: _, ...manifest }: ModelManifest): object {
  return Object.fromEntries(Object.entries(manifest).filter(([key]) => !WORDS.has(key)));
}

const takesFloats = ({ variants }: ModelManifest) =>
  variants.some(({ entries }) => entries.some(({ dtype }) => dtype === 'float32'));

/** Without what is there and says nothing. */
function given(change: ModelChange): ModelChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function useless(key: string, reason: string): EnlargerError {
  return new EnlargerError('bad-argument', `'${key}' cannot be set: ${reason}`);
}
