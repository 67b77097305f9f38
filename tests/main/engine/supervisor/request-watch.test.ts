import { describe, expect, it } from 'vitest';
import { fileOf, isLimited, REQUEST_LIMITS } from '../../../../src/main/engine/supervisor/request-limits.ts';
import { RequestWatch } from '../../../../src/main/engine/supervisor/request-watch.ts';
import { planFor } from '../../../support/models.ts';

describe('a request', () => {
  it('hangs when it is not answered in the time of its kind', () => {
    const watch = new RequestWatch(REQUEST_LIMITS);
    const answered = watch.begin('loadSession', '/m.onnx', 1000);
    expect(watch.overdue(121_000)).toBeUndefined();
    expect(watch.overdue(121_001)).toBe('loadSession of /m.onnx was not answered within 120 s');
    answered(121_002);
    expect([watch.overdue(1e9), watch.waiting]).toEqual([undefined, 0]);
  });

  it('that is about no file is called by its name', () => {
    const watch = new RequestWatch(REQUEST_LIMITS);
    watch.begin('unloadSession', undefined, 0);
    expect(watch.overdue(60_001)).toBe('unloadSession was not answered within 60 s');
  });

  it('counts from the latest answer: others stand before it in line', () => {
    const watch = new RequestWatch(REQUEST_LIMITS);
    const [first] = ['/a.jpg', '/b.jpg', '/c.jpg'].map((file) => watch.begin('probe', file, 0));
    first?.(29_000);
    expect(watch.overdue(59_000)).toBeUndefined();
    expect([watch.overdue(59_001), watch.waiting]).toEqual([
      'probe of /b.jpg was not answered within 30 s',
      2,
    ]);
  });

  it('counts from its own beginning if that was later', () => {
    const watch = new RequestWatch(REQUEST_LIMITS);
    watch.begin('probe', '/a.jpg', 0)(10);
    watch.begin('probe', '/b.jpg', 50_000);
    expect(watch.overdue(80_000)).toBeUndefined();
  });
});

it('what requests are about is known, and which are watched', () => {
  const { shallow, deep, tile, scale, receptiveRadius } = planFor();
  const network = { scale, receptiveRadius };
  expect([
    fileOf('probe', { source: '/a.jpg' }),
    fileOf('loadSession', { session: shallow, tile, ...network }),
    fileOf('tryDevice', { reference: deep, candidate: shallow, ...network }),
    fileOf('compare', { reference: shallow, candidate: deep, ...network }),
    fileOf('unloadSession', { key: 'a' }),
  ]).toEqual(['/a.jpg', shallow.file, shallow.file, deep.file, undefined]);
  expect([isLimited('probe'), isLimited('ping'), isLimited('enhance')]).toEqual([true, false, false]);
});
