import { type DataSet, dataSetsOf } from './iptc.ts';
import { type AddedProperty, propertyName } from './xmp.ts';

/** The properties of XMP in which IPTC Core keeps what older IPTC says. Source: IPTC Photo Metadata Standard. */

const DC = 'http://purl.org/dc/elements/1.1/';
const PHOTOSHOP = 'http://ns.adobe.com/photoshop/1.0/';
const CORE = 'http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/';

type Home = Omit<AddedProperty, 'values'>;

/** Data sets of record 2, the application record. */
const HOMES: Record<number, Home> = {
  5: { uri: DC, local: 'title', kind: 'Alt' },
  25: { uri: DC, local: 'subject', kind: 'Bag' },
  40: { uri: PHOTOSHOP, local: 'Instructions', kind: 'text' },
  80: { uri: DC, local: 'creator', kind: 'Seq' },
  85: { uri: PHOTOSHOP, local: 'AuthorsPosition', kind: 'text' },
  90: { uri: PHOTOSHOP, local: 'City', kind: 'text' },
  92: { uri: CORE, local: 'Location', kind: 'text' },
  95: { uri: PHOTOSHOP, local: 'State', kind: 'text' },
  100: { uri: CORE, local: 'CountryCode', kind: 'text' },
  101: { uri: PHOTOSHOP, local: 'Country', kind: 'text' },
  103: { uri: PHOTOSHOP, local: 'TransmissionReference', kind: 'text' },
  105: { uri: PHOTOSHOP, local: 'Headline', kind: 'text' },
  110: { uri: PHOTOSHOP, local: 'Credit', kind: 'text' },
  115: { uri: PHOTOSHOP, local: 'Source', kind: 'text' },
  116: { uri: DC, local: 'rights', kind: 'Alt' },
  120: { uri: DC, local: 'description', kind: 'Alt' },
  122: { uri: PHOTOSHOP, local: 'CaptionWriter', kind: 'text' },
};
const DATE_CREATED = 55;
const TIME_CREATED = 60;
const DATE_HOME: Home = { uri: PHOTOSHOP, local: 'DateCreated', kind: 'text' };

const APPLICATION_RECORD = 2;
/** Versions and dates of digitising say nothing of the picture that EXIF and XMP do not say better. */
const NO_LOSS = new Set([0, 62, 63]);
const UTF8_MARK = Buffer.from([0x1b, 0x25, 0x47]);

/** What `iim` says, as properties of XMP, and whether that is all that it says of the picture. */
export function iptcProperties(iim: Buffer): { properties: AddedProperty[]; complete: boolean } {
  const sets = dataSetsOf(iim);
  const read = textReader(sets);
  const application = sets.filter(({ record }) => record === APPLICATION_RECORD);
  const properties = new Map<string, AddedProperty>();
  let complete = true;
  for (const { number, value } of application) {
    const home = HOMES[number];
    if (!home) {
      complete &&= number === DATE_CREATED || number === TIME_CREATED || NO_LOSS.has(number);
      continue;
    }
    const name = propertyName(home.uri, home.local);
    const property = properties.get(name) ?? { ...home, values: [] };
    if (home.kind === 'Seq' || home.kind === 'Bag' || property.values.length === 0) {
      property.values.push(read(value));
    }
    properties.set(name, property);
  }
  const textOf = (wanted: number) => {
    const set = application.find(({ number }) => number === wanted);
    return set && read(set.value);
  };
  const date = dateOf(textOf(DATE_CREATED), textOf(TIME_CREATED));
  return {
    properties: [...properties.values(), ...(date ? [{ ...DATE_HOME, values: [date] }] : [])],
    complete,
  };
}

function textReader(sets: readonly DataSet[]): (value: Buffer) => string {
  const stated = sets.some(
    ({ record, number, value }) => record === 1 && number === 90 && value.equals(UTF8_MARK),
  );
  return (value) => {
    try {
      return new TextDecoder('utf-8', { fatal: !stated }).decode(value);
    } catch {
      // What states nothing and is not UTF-8 is what Western programs wrote in its place.
      return new TextDecoder('windows-1252').decode(value);
    }
  };
}

/** `20220110` and `211533+0000` as ISO 8601. */
function dateOf(date: string | undefined, time: string | undefined): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(date ?? '') ?? [];
  if (year === undefined || month === '00' || day === '00') return undefined;
  const [, hour, minute, second, zoneHour, zoneMinute] =
    /^(\d\d)(\d\d)(\d\d)(?:([+-]\d\d)(\d\d))?$/.exec(time ?? '') ?? [];
  const day8601 = `${year}-${month}-${day}`;
  if (hour === undefined) return day8601;
  const zone = zoneHour === undefined ? '' : `${zoneHour}:${zoneMinute}`;
  return `${day8601}T${hour}:${minute}:${second}${zone}`;
}
