import type { RequestInput, RequestName } from '../../../shared/engine-protocol.ts';

/**
 * Milliseconds after which a request that is not answered hangs. They are some hundred times what a machine of
 * today takes: for codecs and runtimes that never come back, on machines that are slow or busy. The others need
 * none: `enhance` is watched stage by stage, and the coordinator answers the rest at once, as it does pings.
 */
export const REQUEST_LIMITS = {
  /** Reads a header, perhaps from a network; the slowest are sequences whose frames are counted. */
  probe: 30_000,
  /** Decodes a picture whole where its format leaves no choice; the codec gives up by itself before. */
  preview: 1_200_000,
  square: 1_200_000,
  resultSquare: 1_200_000,
  /** Reads and hashes a model, makes a session in every worker behind the tiles in work, and warms it up. */
  loadSession: 120_000,
  /** Makes two sessions and runs each several times. */
  compare: 120_000,
  /** As `compare`; drivers of graphics cards compile for themselves. */
  tryDevice: 120_000,
  /** Waits for the tiles in work, and for a session that is being loaded. */
  unloadSession: 60_000,
} as const satisfies Partial<Record<RequestName, number>>;

export type LimitedRequest = keyof typeof REQUEST_LIMITS;
export type RequestLimits = Readonly<Record<LimitedRequest, number>>;

export function isLimited(name: RequestName): name is LimitedRequest {
  return Object.hasOwn(REQUEST_LIMITS, name);
}

/** The file that a request is about; `undefined` where it is about none. */
export function fileOf<N extends RequestName>(name: N, input: RequestInput<N>): string | undefined {
  const asked = { name, input } as { [M in RequestName]: { name: M; input: RequestInput<M> } }[RequestName];
  switch (asked.name) {
    case 'probe':
    case 'preview':
    case 'square':
      return asked.input.source;
    case 'loadSession':
      return asked.input.session.file;
    case 'compare':
    case 'tryDevice':
      return asked.input.candidate.file;
    default:
      return undefined;
  }
}
