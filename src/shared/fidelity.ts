import { z } from 'zod';

const ASPECTS = [
  'profile',
  'exif',
  'makerNotes',
  'software',
  'thumbnail',
  'gps',
  'xmp',
  'iptc',
  'texts',
  'resolution',
  'orientation',
  'depth',
  'hdr',
  'gainMap',
  'alpha',
  'gray',
] as const;

export const fidelitySchema = z.array(
  z.object({
    what: z.enum(ASPECTS),
    became: z.enum(['kept', 'changed', 'dropped']),
    /** Why it is not as it was; absent for what was kept. */
    why: z.string().optional(),
  }),
);

/** What became of everything that a source had; what it did not have is not mentioned. */
export type Fidelity = z.infer<typeof fidelitySchema>;
