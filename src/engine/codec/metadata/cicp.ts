/** How the samples of a picture stand for colours, as numbers of a common table. Source: ITU-T H.273. */
export interface Cicp {
  primaries: number;
  transfer: number;
  matrix: number;
  fullRange: boolean;
}

const BT709_PRIMARIES = 1;
const UNSPECIFIED = 2;
const TRANSFERS: Record<number, string> = { 16: 'PQ', 18: 'HLG' };

/** The name of the transfer where it is one of high dynamic range. */
export function hdrTransfer(cicp: Cicp | undefined): string | undefined {
  return cicp && TRANSFERS[cicp.transfer];
}

/** Whether the colours are seen wrong by whom `cicp` is kept from; `profile` tells them as well. */
export function isTelling(cicp: Cicp | undefined, profile: boolean): cicp is Cicp {
  if (!cicp) return false;
  if (hdrTransfer(cicp)) return true;
  return !profile && cicp.primaries !== BT709_PRIMARIES && cicp.primaries !== UNSPECIFIED;
}

export const cicpText = (cicp: Cicp) => `${cicp.primaries} ${cicp.transfer}`;

/** The reverse of `cicpText`, for pixels that are RGB in full range. */
export function cicpOf(text: string | undefined): Cicp | undefined {
  const [, primaries, transfer] = /^(\d{1,5}) (\d{1,5})$/.exec(text ?? '') ?? [];
  if (primaries === undefined || transfer === undefined) return undefined;
  return { primaries: Number(primaries), transfer: Number(transfer), matrix: 0, fullRange: true };
}
