import { describe, expect, it } from 'vitest';
import { parseXml } from '../../../../src/engine/codec/metadata/xml.ts';
import { correctedXmp, withProperties, xmpProperties } from '../../../../src/engine/codec/metadata/xmp.ts';

const packet = (description: string) =>
  Buffer.from(
    `<?xpacket begin="\ufeff"?><x:xmpmeta xmlns:x="adobe:ns:meta/">` +
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
      `${description}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`,
  );

const EXIF = 'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"';
const KIND = { width: 200, height: 100, removeGps: false };

describe('XMP', () => {
  it('says the size of the result, and that it stands upright', () => {
    const xmp = packet(
      `<rdf:Description ${EXIF} tiff:Orientation="6" exif:PixelXDimension="20">` +
        '<tiff:ImageWidth>20</tiff:ImageWidth><exif:Note>6</exif:Note></rdf:Description>',
    );
    expect(correctedXmp(xmp, KIND)?.toString()).toBe(
      xmp.toString().replace('"6"', '"1"').replace('"20"', '"200"').replace('>20<', '>200<'),
    );
  });

  it('is the same to the byte where nothing has to change', () => {
    const xmp = packet(`<!-- a > b --><rdf:Description ${EXIF} exif:Note='"quoted" > text'/>`);
    expect(correctedXmp(xmp, KIND)).toBe(xmp);
  });

  it('loses only places where places are to be removed, whatever their prefix', () => {
    const xmp = packet(
      '<rdf:Description xmlns:e="http://ns.adobe.com/exif/1.0/" e:GPSLatitude="51,30N" e:Note="GPS">' +
        '<e:GPSTimeStamp>12:00</e:GPSTimeStamp></rdf:Description>',
    );
    expect(correctedXmp(xmp, { ...KIND, removeGps: true })?.toString()).toBe(
      packet(
        '<rdf:Description xmlns:e="http://ns.adobe.com/exif/1.0/" e:Note="GPS"></rdf:Description>',
      ).toString(),
    );
  });

  it.each([
    ['not UTF-8', Buffer.from([0x3c, 0xff, 0xfe])],
    ['not well-formed', Buffer.from('<a><b></a>')],
    ['cut short', packet('').subarray(0, 150)],
    ['with a document type', Buffer.from('<!DOCTYPE x [<!ENTITY a "b">]><x/>')],
    ['without RDF', Buffer.from('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')],
  ])('that is %s stays as it is', (_what, xmp) => {
    expect(correctedXmp(xmp, KIND)).toBe(xmp);
    expect(xmpProperties(xmp)).toBeUndefined();
    expect(withProperties(xmp, [{ uri: 'x', local: 'y', kind: 'text', values: ['z'] }])).toBeUndefined();
  });

  it('that cannot be understood goes where it may name a place that is to be removed', () => {
    const xmp = Buffer.from('<a exif:GPSLatitude="51,30N">');
    expect(correctedXmp(xmp, { ...KIND, removeGps: true })).toBeUndefined();
    expect(correctedXmp(Buffer.from('<a>'), { ...KIND, removeGps: true })).toBeDefined();
  });

  it('takes added properties that are text', () => {
    const added = withProperties(undefined, [
      { uri: 'http://ns.adobe.com/photoshop/1.0/', local: 'City', kind: 'text', values: ['A & <B>\u0001'] },
    ]) as Buffer;
    expect(added.toString()).toContain('<photoshop:City>A &amp; &lt;B&gt;</photoshop:City>');
    expect(xmpProperties(added)).toEqual(['http://ns.adobe.com/photoshop/1.0/ City']);
    expect(withProperties(added, [])).toBe(added);
  });
});

describe('XML', () => {
  it('names elements and attributes by their namespaces, inner ones first', () => {
    const [a] = parseXml('<p:a xmlns:p="one"><p:b xmlns:p="two" p:c="3"/><![CDATA[<no>]]></p:a>') ?? [];
    expect([a?.uri, a?.children[0]?.uri, a?.children[0]?.attributes[1]]).toMatchObject([
      'one',
      'two',
      { uri: 'two', local: 'c', value: '3' },
    ]);
  });

  it.each(['<a', '<a b=c></a>', '</a>', '<!-- no end', '<a></b>', `${'<a>'.repeat(300)}`])(
    'such as %s is none',
    (text) => {
      expect(parseXml(text)).toBeUndefined();
    },
  );
});
