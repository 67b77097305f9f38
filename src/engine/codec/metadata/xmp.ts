import { type Element, escaped, parseXml } from './xml.ts';

/** XMP: properties of a picture as RDF in XML. Source: ISO 16684-1 (XMP part 1), section 7. */

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const EXIF = 'http://ns.adobe.com/exif/1.0/';
const TIFF = 'http://ns.adobe.com/tiff/1.0/';
const XMP_BASIC = 'http://ns.adobe.com/xap/1.0/';
const GOOGLE_CAMERA = 'http://ns.google.com/photos/1.0/camera/';
const GAIN_MAP = 'http://ns.adobe.com/hdr-gain-map/1.0/';
/** What promises further pictures or films in the same file, which results do not have. */
const COMPANIONS = new Set([
  GAIN_MAP,
  'http://ns.apple.com/HDRGainMap/1.0/',
  'http://ns.google.com/photos/1.0/container/',
]);
const EXTENSION = 'http://ns.adobe.com/xmp/note/';

interface Property {
  uri: string;
  local: string;
  /** What has to be cut out to remove it. */
  start: number;
  end: number;
  valueStart: number;
  valueEnd: number;
  /** Its value is text, and no structure. */
  simple: boolean;
}

interface Packet {
  text: string;
  rdf: Element;
  properties: Property[];
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** A property's namespace and name in one text. */
export const propertyName = (uri: string, local: string) => `${uri} ${local}`;

/** The names of all properties; undefined if `xmp` cannot be understood. */
export function xmpProperties(xmp: Buffer): string[] | undefined {
  const packet = parsePacket(xmp);
  if (!packet) return undefined;
  return [...new Set(packet.properties.map(({ uri, local }) => propertyName(uri, local)))].sort();
}

export const isPlace = (name: string) => name.startsWith(propertyName(EXIF, 'GPS'));
export const isGainMap = (name: string) =>
  name.startsWith(`${GAIN_MAP} `) || name.startsWith('http://ns.apple.com/HDRGainMap/1.0/ ');

/** Properties that would say something of the result that is not so. */
export function isCompanion(name: string): boolean {
  const [uri = '', local = ''] = name.split(' ');
  if (COMPANIONS.has(uri) || name === propertyName(XMP_BASIC, 'Thumbnails')) return true;
  return uri === GOOGLE_CAMERA && /^(MotionPhoto|MicroVideo)/.test(local);
}

/** The rest of a packet that was too long for one segment of a JPEG; libvips reads the first part only. */
const isExtension = (name: string) => name.startsWith(`${EXTENSION} `);

export interface XmpChange {
  width: number;
  height: number;
  removeGps: boolean;
}

/**
 * `xmp` made true for a result of `width`×`height` pixels that stands upright. What cannot be understood stays as
 * it is, unless it may name a place that is to be removed: then nothing stays, and the answer is undefined.
 */
export function correctedXmp(xmp: Buffer, { width, height, removeGps }: XmpChange): Buffer | undefined {
  const packet = parsePacket(xmp);
  if (!packet) return removeGps && xmp.includes('GPS') ? undefined : xmp;
  const values = new Map<string, number>([
    [propertyName(TIFF, 'Orientation'), 1],
    [propertyName(TIFF, 'ImageWidth'), width],
    [propertyName(TIFF, 'ImageLength'), height],
    [propertyName(EXIF, 'PixelXDimension'), width],
    [propertyName(EXIF, 'PixelYDimension'), height],
  ]);
  const edits = packet.properties.flatMap(({ uri, local, ...place }): Edit[] => {
    const name = propertyName(uri, local);
    if (isCompanion(name) || isExtension(name) || (removeGps && isPlace(name))) {
      return [{ start: place.start, end: place.end, text: '' }];
    }
    const value = values.get(name);
    if (value === undefined || !place.simple) return [];
    return [{ start: place.valueStart, end: place.valueEnd, text: String(value) }];
  });
  return edits.length === 0 ? xmp : edited(packet.text, edits);
}

/** A property to be added: a text, alternatives in languages, or a list. */
export interface AddedProperty {
  uri: string;
  local: string;
  kind: 'text' | 'Alt' | 'Seq' | 'Bag';
  values: string[];
}

const PREFIXES: Record<string, string> = {
  'http://purl.org/dc/elements/1.1/': 'dc',
  'http://ns.adobe.com/photoshop/1.0/': 'photoshop',
  'http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/': 'Iptc4xmpCore',
};

/** `xmp`, or a new packet, with those of `added` that it lacks; undefined if it cannot be understood. */
export function withProperties(xmp: Buffer | undefined, added: readonly AddedProperty[]): Buffer | undefined {
  const packet = xmp ? parsePacket(xmp) : undefined;
  if (xmp && !packet) return undefined;
  const present = new Set(packet?.properties.map(({ uri, local }) => propertyName(uri, local)));
  const lacking = added.filter(({ uri, local }) => !present.has(propertyName(uri, local)));
  if (lacking.length === 0) return xmp;
  const description = descriptionOf(lacking);
  if (!packet) return Buffer.from(newPacket(description));
  const at = packet.rdf.contentEnd;
  return edited(packet.text, [{ start: at, end: at, text: description }]);
}

function newPacket(description: string): string {
  return (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${RDF}">${description}</rdf:RDF></x:xmpmeta>` +
    '<?xpacket end="w"?>'
  );
}

function descriptionOf(properties: readonly AddedProperty[]): string {
  const uris = [...new Set(properties.map(({ uri }) => uri))];
  const namespaces = uris.map((uri) => ` xmlns:${PREFIXES[uri] ?? 'ns'}="${uri}"`).join('');
  const elements = properties.map(({ uri, local, kind, values }) => {
    const name = `${PREFIXES[uri] ?? 'ns'}:${local}`;
    const language = kind === 'Alt' ? ' xml:lang="x-default"' : '';
    const items = values.map((value) => `<rdf:li${language}>${escaped(value)}</rdf:li>`).join('');
    const content = kind === 'text' ? escaped(values[0] ?? '') : `<rdf:${kind}>${items}</rdf:${kind}>`;
    return `<${name}>${content}</${name}>`;
  });
  return `<rdf:Description xmlns:rdf="${RDF}" rdf:about=""${namespaces}>${elements.join('')}</rdf:Description>`;
}

function edited(text: string, edits: readonly Edit[]): Buffer {
  let result = text;
  for (const { start, end, text: part } of edits.toSorted((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + part + result.slice(end);
  }
  return Buffer.from(result);
}

function parsePacket(xmp: Buffer): Packet | undefined {
  const text = utf8Of(xmp);
  const top = text === undefined ? undefined : parseXml(text);
  const rdf = top && find(top, ({ uri, local }) => uri === RDF && local === 'RDF');
  if (text === undefined || !rdf || rdf.contentStart === rdf.end) return undefined;
  const descriptions = rdf.children.filter(({ uri, local }) => uri === RDF && local === 'Description');
  return { text, rdf, properties: descriptions.flatMap(propertiesOf) };
}

function propertiesOf({ attributes, children }: Element): Property[] {
  const inAttributes = attributes
    .filter(({ uri }) => uri !== '' && uri !== RDF && uri !== 'xmlns' && uri !== 'xml')
    .map((attribute) => ({ ...attribute, simple: true }));
  const inElements = children.map(({ uri, local, start, end, contentStart, contentEnd, ...element }) => {
    const simple = element.children.length === 0 && contentEnd > contentStart;
    return { uri, local, start, end, valueStart: contentStart, valueEnd: contentEnd, simple };
  });
  return [...inAttributes, ...inElements];
}

function find(elements: readonly Element[], wanted: (element: Element) => boolean): Element | undefined {
  for (const element of elements) {
    const found = wanted(element) ? element : find(element.children, wanted);
    if (found) return found;
  }
  return undefined;
}

function utf8Of(bytes: Buffer): string | undefined {
  // Some programs end the packet with a zero.
  const end = bytes.at(-1) === 0 ? bytes.length - 1 : bytes.length;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, end));
  } catch {
    return undefined;
  }
}
