import { EnlargerError } from './errors.ts';

/** Pictures that Enlarger knows by name but does not enlarge, and what to do about each kind. Pure data. */

export type RefusedKind =
  | 'camera-raw'
  | 'jpeg-xl'
  | 'jpeg-2000'
  | 'photoshop'
  | 'layered'
  | 'drawing'
  | 'document'
  | 'high-range'
  | 'targa'
  | 'icon'
  | 'video';

interface RefusedFormat {
  /** What the user reads: the kind of file, in the plural. */
  title: string;
  /** Lower case, no dot. None where a folder walk shall not take such files for photographs. */
  extensions: readonly string[];
  advice: string;
}

const REFUSED: Record<RefusedKind, RefusedFormat> = {
  'camera-raw': {
    title: 'Camera raw files',
    extensions: [
      ...['3fr', 'arw', 'cr2', 'cr3', 'crw', 'dcr', 'dng', 'erf', 'fff', 'iiq', 'kdc', 'mef', 'mos', 'mrw'],
      ...['nef', 'nrw', 'orf', 'pef', 'raf', 'rw2', 'rwl', 'sr2', 'srf', 'srw', 'x3f'],
    ],
    advice: "Develop it with darktable, RawTherapee or the camera's own program, and export TIFF of 16 bits.",
  },
  'jpeg-xl': {
    title: 'JPEG XL pictures',
    extensions: ['jxl'],
    advice: 'Convert it to PNG, with djxl (of libjxl) or GIMP.',
  },
  'jpeg-2000': {
    title: 'JPEG 2000 pictures',
    extensions: ['jp2', 'j2k', 'jpf', 'jpx', 'j2c'],
    advice: 'Convert it to TIFF, with GIMP or IrfanView.',
  },
  photoshop: {
    title: 'Photoshop files',
    extensions: ['psd', 'psb'],
    advice: 'Export it as TIFF or PNG, from Photoshop, GIMP or Krita.',
  },
  layered: {
    title: 'Files of layers',
    extensions: ['xcf', 'kra', 'ora'],
    advice: 'Export it as TIFF or PNG, from GIMP or Krita.',
  },
  drawing: {
    title: 'Drawings (SVG)',
    extensions: ['svg', 'svgz'],
    advice: 'They have no pixels: export PNG of the size you need, from Inkscape.',
  },
  document: {
    title: 'Documents (PDF, PostScript)',
    extensions: [],
    advice: 'Export its pages as PNG or TIFF of the size you need, with pdftoppm or GIMP.',
  },
  'high-range': {
    title: 'Pictures of floating-point light (EXR, HDR)',
    extensions: ['exr', 'hdr'],
    advice: 'Tone it with GIMP, Krita or darktable, and export TIFF of 16 bits.',
  },
  targa: { title: 'Targa pictures', extensions: ['tga'], advice: 'Convert it to PNG, with GIMP.' },
  icon: { title: 'Icons', extensions: [], advice: 'Export the largest of its pictures as PNG, with GIMP.' },
  video: {
    title: 'Videos',
    extensions: [],
    advice: 'Save a single frame of it as PNG, with ffmpeg or VLC.',
  },
};

const KINDS = new Map<string, RefusedKind>(
  (Object.keys(REFUSED) as RefusedKind[]).flatMap((kind) =>
    REFUSED[kind].extensions.map((extension) => [extension, kind] as const),
  ),
);

/** What a file with this extension (no dot, any letter case) is, if it is refused. */
export function refusedByExtension(extension: string): RefusedKind | undefined {
  return KINDS.get(extension.toLowerCase());
}

/** The error for `path`, which is of `kind`: what it is, and which program makes what of it. */
export function refusalOf(path: string, kind: RefusedKind): EnlargerError {
  const { title, advice } = REFUSED[kind];
  return new EnlargerError('unsupported-format', `${path}: ${title} cannot be read. ${advice}`, {
    file: path,
  });
}
