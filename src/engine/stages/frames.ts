import type { EnhanceJob, EnhanceResult, JobState } from '../../shared/engine-protocol.ts';
import type { Rect } from '../../shared/tiles.ts';
import type { Lease } from '../buffers/lease.ts';
import type { BandPlan } from '../codec/band-plan.ts';
import type { DecodedFrame } from '../codec/decoded-frame.ts';
import type { FrameLayout } from '../codec/frame-layout.ts';
import type { CancelFlag } from '../inference/cancel-flags.ts';
import type { Focus } from '../viewing/focus.ts';
import type { ResultInWork } from '../viewing/result-in-work.ts';
import type { SeamPlace } from './seam-room.ts';

/** One file on its way through the pipeline: what was asked, and the means to report and to stop. */
export interface JobContext {
  job: EnhanceJob;
  flag: CancelFlag;
  signal: AbortSignal;
  /** `dirty`: what of the result has just been computed, in its pixels. */
  report(state: JobState, tilesDone: number, tilesTotal: number, pixelsDone: number, dirty?: Rect): void;
  /** For those who look at the result while it is made. */
  shown: ResultInWork;
  focus: Focus;
  /** Milliseconds of work by stage, and bytes copied by name; each stage adds its own. */
  milliseconds: { decode: number; enhance: number; encode: number; verify: number };
  copied: Record<string, number>;
  /** Pixels of the largest tile that there was memory for, where that was too little for those of the plan. */
  tilePixels?: number;
}

/** A picture in work. Whoever holds it releases `lease` and removes its scratch files (`discardFrame`). */
export interface Frame {
  context: JobContext;
  decoded: DecodedFrame;
  /** Scratch file with the result's alpha, where any of it shows. */
  alpha: string | undefined;
  lease: Lease;
  /** How the lease is used: for the whole picture, or for a few bands of it at a time. */
  memory: WholeFrame | BandedFrame;
  tiles: number;
}

interface FrameMemory {
  /** Of the whole lease. */
  byteLength: number;
  /** Where tiles are blended that do not agree. */
  seams?: SeamPlace;
}

export interface WholeFrame extends FrameMemory {
  kind: 'whole';
  layout: FrameLayout;
}

export interface BandedFrame extends FrameMemory {
  kind: 'banded';
  plan: BandPlan;
  /** Scratch file with the result. */
  result: string;
}

/** A result on disk under its temporary name. */
export interface WrittenFrame {
  context: JobContext;
  decoded: DecodedFrame;
  width: number;
  height: number;
  tiles: number;
  /** Bytes of the result before it was encoded. */
  pixelBytes: number;
}

/** A result that was read back, still under its temporary name till its job is told. */
export interface VerifiedFrame {
  context: JobContext;
  result: EnhanceResult;
}

export function addCopied(context: JobContext, name: string, bytes: number): void {
  context.copied[name] = (context.copied[name] ?? 0) + bytes;
}
