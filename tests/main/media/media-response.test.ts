import { expect, it } from 'vitest';
import { attachment } from '../../../src/main/media/media-response.ts';

it.each([
  ['a b.jpg', `attachment; filename="a b.jpg"; filename*=UTF-8''a%20b.jpg`],
  ['x"y\\z%.png', `attachment; filename="x_y_z_.png"; filename*=UTF-8''x%22y%5Cz%25.png`],
  ["l'été (2).tif", `attachment; filename="l'_t_ (2).tif"; filename*=UTF-8''l%27%C3%A9t%C3%A9%20%282%29.tif`],
  ['图.webp', `attachment; filename="_.webp"; filename*=UTF-8''%E5%9B%BE.webp`],
])('%s is saved under its name', (name, header) => {
  expect(attachment(`/out/${name}`)['content-disposition']).toBe(header);
});
