import { describe, expect, it } from 'vitest';
import { asEnlargerError, cancelledError, EnlargerError, type ErrorCode } from '../../src/shared/errors.ts';

describe('EnlargerError', () => {
  it('comes out of a process as it went in', () => {
    const codes: ErrorCode[] = ['decode-failed', 'cancelled'];
    const files = ['/photos/фото 1.jpg', undefined];
    const errors = codes.map((code, index) => new EnlargerError(code, 'in words', { file: files[index] }));
    const arrived = errors.map((error) => EnlargerError.from(structuredClone(error.toJSON())));
    expect(arrived).toEqual(errors);
    expect(arrived.map(({ name, code, file }) => [name, code, file])).toEqual([
      ['EnlargerError', 'decode-failed', '/photos/фото 1.jpg'],
      ['EnlargerError', 'cancelled', undefined],
    ]);
  });

  it('survives JSON, its stack left behind', () => {
    const error = new EnlargerError('not-found', '/a: is not there.', {
      file: '/a',
      cause: new Error('ENOENT'),
    });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code: 'not-found',
      message: '/a: is not there.',
      file: '/a',
    });
  });
});

describe('asEnlargerError', () => {
  it('leaves typed errors alone', () => {
    const error = new EnlargerError('too-large', 'Too large.');
    expect(asEnlargerError(error, 'internal', { file: '/other' })).toBe(error);
  });

  it('gives anything else a code, its own message, and itself as the cause', () => {
    const cause = new TypeError('that went wrong');
    const typed = [
      asEnlargerError(cause, 'encode-failed', { file: '/a' }),
      asEnlargerError('text', 'internal'),
    ];
    expect(typed.map((error) => [error.toJSON(), error.cause])).toEqual([
      [{ code: 'encode-failed', message: 'that went wrong', file: '/a' }, cause],
      [{ code: 'internal', message: 'text', file: undefined }, 'text'],
    ]);
  });
});

describe('cancelledError', () => {
  it('is the typed reason of the signal, if it has one', () => {
    const reason = new EnlargerError('stopped', 'The pipeline was stopped.');
    expect(cancelledError(AbortSignal.abort(reason))).toBe(reason);
  });

  it('else says that something was cancelled', () => {
    const errors = [cancelledError(AbortSignal.abort()), cancelledError()];
    expect(errors.map((error) => error.toJSON())).toEqual([
      { code: 'cancelled', message: 'Cancelled.', file: undefined },
      { code: 'cancelled', message: 'Cancelled.', file: undefined },
    ]);
  });
});
