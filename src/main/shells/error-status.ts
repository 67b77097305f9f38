import type { EnlargerError, ErrorCode } from '../../shared/errors.ts';

const STATUS: Partial<Record<ErrorCode, number>> = {
  'bad-argument': 400,
  'disk-full': 507,
  'not-found': 404,
  'permission-denied': 403,
  'too-large': 413,
};

/** The HTTP status that an error of ours is answered with. */
export function statusOf({ code }: EnlargerError): number {
  return STATUS[code] ?? 422;
}
