import type { CodedColours } from './primary-picture.ts';

/** Code points of ITU-T H.273. */
const PRIMARIES = { bt709: 1, unspecified: 2, displayP3: 12 };
const TRANSFER = { bt709: 1, unspecified: 2, bt601: 6, srgb: 13 };

const LIKE_SRGB = new Set(Object.values(TRANSFER));

/**
 * What to do about colours that a file states by code, having no profile: the one of sharp's own profiles to
 * attach, and what to say of it. sRGB needs neither; where we have no profile, the note says so.
 */
export function colourProfile(colours: CodedColours | undefined): { attach?: 'p3'; note?: string } {
  if (!colours) return {};
  const { primaries, transfer } = colours;
  if (LIKE_SRGB.has(transfer)) {
    if (primaries === PRIMARIES.bt709 || primaries === PRIMARIES.unspecified) return {};
    if (primaries === PRIMARIES.displayP3) {
      const note = 'The file says Display P3 by a code only; the result has a profile that says so.';
      return { attach: 'p3', note };
    }
  }
  const codes = `CICP ${primaries}/${transfer}`;
  return {
    note: `The file states its colours by a code only (${codes}), which the result does not carry: they may look different.`,
  };
}
