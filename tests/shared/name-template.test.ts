import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkTemplate,
  DEFAULT_TEMPLATE,
  fillTemplate,
  type NameTokens,
  numbered,
} from '../../src/shared/name-template.ts';

const TOKENS: NameTokens = { name: 'photo', scale: 2, model: 'photo-x2', ext: 'jpg', index: 7 };
const fill = (template: string, name = 'photo') => fillTemplate(template, { ...TOKENS, name });

describe('checkTemplate', () => {
  it.each([DEFAULT_TEMPLATE, '{index} {name}', '{model}.{ext}', 'fixed', '{name} (large)'])(
    'takes %j',
    (template) => {
      expect(() => checkTemplate(template)).not.toThrow();
    },
  );

  it.each([
    ['{date}.jpg', "--name: '{date}' is not known. The tokens are {name} {scale} {model} {ext} {index}."],
    ['{}', "--name: '{}' is not known. The tokens are {name} {scale} {model} {ext} {index}."],
    ['{Name}', "--name: '{Name}' is not known. The tokens are {name} {scale} {model} {ext} {index}."],
    ['sub/{name}', "--name: 'sub/{name}' holds a path. Folders are given by --out."],
    ['..\\{name}', "--name: '..\\{name}' holds a path. Folders are given by --out."],
    ['/etc/{name}', "--name: '/etc/{name}' holds a path. Folders are given by --out."],
    ['C:\\{name}', "--name: 'C:\\{name}' holds a path. Folders are given by --out."],
    ['  ', "--name: empty. The default is '{name}-x{scale}.{ext}'."],
  ])('refuses %j in words', (template, message) => {
    expect(() => checkTemplate(template)).toThrow(expect.objectContaining({ code: 'bad-argument', message }));
  });
});

describe('fillTemplate', () => {
  it.each([
    [DEFAULT_TEMPLATE, 'photo-x2.jpg'],
    ['{index}_{model}_{name}', '7_photo-x2_photo.jpg'],
    ['{ext}-{name}.{ext}', 'jpg-photo.jpg'],
    ['fixed', 'fixed.jpg'],
  ])('fills %j', (template, name) => {
    expect(fill(template)).toBe(name);
  });

  it('fills a template once, whatever the name of the source looks like', () => {
    expect(fill('{name}', '{scale} $& $1 {ext}')).toBe('{scale} $& $1 {ext}.jpg');
  });

  it.each([
    ['a/b\\c', 'a_b_c-x2.jpg'],
    ['../../etc/passwd', '__.._etc_passwd-x2.jpg'],
    ['what? "1<2>3|*:', 'what_ _1_2_3___-x2.jpg'],
    ['tab\tline\nbell\u0007nul\u0000', 'tab_line_bell_nul_-x2.jpg'],
    ['.hidden', '_hidden-x2.jpg'],
    ['it’s 100% #1 & фото – café 日本語 🌸', 'it’s 100% #1 & фото – café 日本語 🌸-x2.jpg'],
    ['failed', 'failed-x2.jpg'],
  ])('makes a safe name of %j', (name, safe) => {
    expect(fill(DEFAULT_TEMPLATE, name)).toBe(safe);
  });

  it.each([
    ['..', '_jpg'],
    ['{ext}.', 'jpg_'],
    ['{name}.{ext} . .', 'photo.jpg_'],
    ['{ext} {name} ', 'jpg photo_'],
    ['C:{name}', 'C_photo.jpg'],
  ])('makes of the template %j a name that Windows does not take for another', (template, name) => {
    expect(fill(template)).toBe(name);
  });

  it('leaves no name to Windows that it gives to a device', () => {
    const names = [
      'CON',
      'nul',
      'com1',
      'LPT9',
      'aux.tar',
      'console',
      'com10',
      'null',
      'com¹',
      'con ',
      'CONIN$',
    ];
    expect(names.map((name) => fill('{name}', name))).toEqual([
      '_CON.jpg',
      '_nul.jpg',
      '_com1.jpg',
      '_LPT9.jpg',
      '_aux.tar.jpg',
      'console.jpg',
      'com10.jpg',
      'null.jpg',
      '_com¹.jpg',
      '_con .jpg',
      '_CONIN$.jpg',
    ]);
  });

  it.each(['x', 'é', '日', '🌸'])('cuts 300 times %s to 255 bytes, between characters', (character) => {
    const name = fill('{name}', character.repeat(300));
    const stem = name.slice(0, -'.jpg'.length);
    const bytes = Buffer.byteLength(character);
    expect({ stem, end: name.slice(-4) }).toEqual({
      stem: character.repeat(Math.floor((255 - 4) / bytes)),
      end: '.jpg',
    });
  });

  it('makes a name of whatever it is given that every common file system takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), (source) => {
        const name = fill(DEFAULT_TEMPLATE, source);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(name.isWellFormed()).toBe(true);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be gone
        expect(name).toMatch(/^[^.<>:"/\\|?*\u0000-\u001f][^<>:"/\\|?*\u0000-\u001f]*\.jpg$/);
      }),
    );
  });
});

describe('numbered', () => {
  it.each([
    ['photo.jpg', 'photo (2).jpg'],
    ['archive.tar.gz', 'archive.tar (2).gz'],
    ['photo', 'photo (2)'],
    ['.hidden', '.hidden (2)'],
    ['Dr. Who and the rest of it', 'Dr. Who and the rest of it (2)'],
  ])('numbers %j', (name, second) => {
    expect(numbered(name, 2)).toBe(second);
  });

  it('keeps the numbers of the longest names apart', () => {
    const longest = `${'日'.repeat(83)}xy.jpg`;
    const names = [longest, ...[2, 3, 10].map((number) => numbered(longest, number))];
    expect(names.map((name) => [name.replaceAll('日', ''), Buffer.byteLength(name)])).toEqual([
      ['xy.jpg', 255],
      [' (2).jpg', 254],
      [' (3).jpg', 254],
      [' (10).jpg', 255],
    ]);
  });

  it('makes another name for every number, however long the name and its extension', () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(name, fc.boolean(), (stem, dot) => {
        const long = fillTemplate(dot ? '{ext}.{name}' : '{name}', { ...TOKENS, name: stem });
        const names = [2, 3, 11].map((number) => numbered(long, number));
        expect(new Set([long, ...names]).size).toBe(4);
        expect(Math.max(...names.map((each) => Buffer.byteLength(each)))).toBeLessThanOrEqual(255);
      }),
    );
  });
});
