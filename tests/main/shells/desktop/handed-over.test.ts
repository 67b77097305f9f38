import { EventEmitter } from 'node:events';
import type { App } from 'electron';
import { expect, it } from 'vitest';
import { HandedOver } from '../../../../src/main/shells/desktop/handed-over.ts';

it('keeps what comes before anybody takes it, in order, and then hands everything on at once', () => {
  const handed = new HandedOver(['/a']);
  handed.add(['/b', '/c']);
  handed.takeOver({ paths: ['/d'] });
  expect(handed.pending).toEqual({ paths: ['/a', '/b', '/c', '/d'] });
  const taken: string[][] = [];
  handed.deliver((paths) => taken.push([...paths]));
  handed.add(['/e']);
  handed.add([]);
  expect(taken).toEqual([['/a', '/b', '/c', '/d'], ['/e']]);
  expect(handed.pending).toEqual({ paths: [] });
});

it.each([[undefined], [null], [{}], [{ paths: '/a' }], [{ paths: [1] }]])('makes nothing of %j', (left) => {
  const handed = new HandedOver([]);
  handed.takeOver(left);
  expect(handed.pending.paths).toEqual([]);
});

it('hears of what the system opens before anything is ready', () => {
  const app = Object.assign(new EventEmitter(), { isPackaged: true });
  const handed = HandedOver.listen(app as unknown as App);
  const before = handed.pending.paths.length;
  let prevented = 0;
  const event = { preventDefault: () => prevented++ };
  app.emit('will-finish-launching');
  app.emit('open-file', event, '/pictures/a.jpg');
  app.emit('open-url', event, 'file:///pictures/b%20c.jpg');
  app.emit('open-url', event, 'enlarger://anything');
  expect(handed.pending.paths.slice(before)).toEqual(['/pictures/a.jpg', '/pictures/b c.jpg']);
  expect(prevented).toBe(3);
});
