import { z } from 'zod';
import { fidelitySchema } from './fidelity.ts';
import { variantIdSchema } from './models.ts';
import { providerSchema } from './network.ts';
import { networkUseSchema, planSchema, sessionSpecSchema, tileSchema } from './plan.ts';
import { examineModelSchema, findingsSchema } from './probing.ts';
import { progressSchema } from './progress.ts';

/**
 * What main and the engine say to each other. Pixels never cross: paths, plans and figures do.
 * A request carries an id and is answered once; events come unasked.
 */
export const ENGINE_PROTOCOL_VERSION = 1;

const configSchema = z.object({
  /** Inference workers: threads of the engine that each hold their own sessions. */
  workers: z.int().min(1).max(64),
  /** Frames that may wait in front of each stage. */
  queueDepth: z.int().min(1).max(64),
  /** One frame at a time through all stages: the reference that parallel runs are compared with. */
  sequential: z.boolean(),
  /** Bytes that frames may take together. */
  memoryBudget: z.int().positive(),
  /** Folder for scratch files; made if missing, and emptied of what the engine put there. */
  scratch: z.string(),
});

/** The folder, below the configured one, in which the engine with this process id keeps its scratch files. */
export function engineScratch(folder: string, pid: number): string {
  return `${folder}/engine-${pid}`;
}

/** What the header of a source says. */
export const probeSchema = z.object({
  format: z.string(),
  /** Pixels, orientation applied. */
  width: z.int().positive(),
  height: z.int().positive(),
  alpha: z.boolean(),
  /** True for more than eight bits a sample. */
  deep: z.boolean(),
  pages: z.int().positive(),
});

const outputSchema = z.object({
  /** Where the result is written; the caller gives it its final name. */
  temporary: z.string(),
  format: z.enum(['jpeg', 'png', 'webp', 'avif', 'tiff']),
  /** 1..100, for lossy formats. */
  quality: z.int().min(1).max(100).optional(),
  /** Leaves out where the picture was taken, in EXIF and XMP. */
  removeGps: z.boolean().optional(),
});

const jobSchema = z.object({
  jobId: z.int().min(0),
  source: z.string(),
  plan: planSchema,
  output: outputSchema,
  lane: z.enum(['interactive', 'batch']),
  /** Milliseconds from receipt after which the job is given up with `deadline-exceeded`. */
  deadline: z.int().positive().optional(),
});

const stageTimesSchema = z.object({
  /** Milliseconds of work, queues not counted. */
  decode: z.number(),
  enhance: z.number(),
  encode: z.number(),
  verify: z.number(),
});

/** Pixels of the largest tile that there may be memory for, where there was too little for those of the plan. */
const tilePixelsSchema = z.number().positive().optional();

const resultSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  bytes: z.int().positive(),
  sha256: z.string(),
  variant: variantIdSchema,
  tiles: z.int().positive(),
  milliseconds: stageTimesSchema,
  /** Bytes of the result before it was encoded. */
  pixelBytes: z.int().positive(),
  /** Bytes copied on the way, by the name of the copy (docs/architecture.md). */
  copied: z.record(z.string(), z.number()),
  /** What became of everything that the source had. */
  fidelity: fidelitySchema,
  tilePixels: tilePixelsSchema,
  notes: z.array(z.string()),
});

const histogramSchema = z.object({
  count: z.number(),
  sum: z.number(),
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
});

const reportSchema = z.object({
  stages: z.array(z.object({ name: z.string(), wait: histogramSchema, service: histogramSchema })),
  pool: z.record(z.string(), z.number()),
  scheduler: z.object({ queued: z.number(), running: z.number(), completed: z.number(), steals: z.number() }),
  sessions: z.array(z.object({ key: z.string(), bytes: z.number(), milliseconds: z.number() })),
  /** Inference workers that tiles are given to now. */
  concurrency: z.int(),
});

const quantiseSchema = z.object({
  jobId: z.int().min(0),
  /** An ONNX file, and the hash that it must have, where that is known. */
  model: z.string(),
  sha256: z.string().optional(),
  /** How it takes pictures, where a manifest says so; else it is examined. */
  use: networkUseSchema
    .extend({ dtype: sessionSpecSchema.shape.dtype, range: sessionSpecSchema.shape.range })
    .optional(),
  pictures: z.array(z.string()),
  temporary: z.string(),
  /** dB of PSNR. */
  maxLoss: z.number().positive(),
  /** 7: for processors that add products of eight bits in sixteen; `auto`: what this one computes rightly. */
  weightBits: z.union([z.literal('auto'), z.literal(7), z.literal(8)]),
  threads: z.int().min(1),
});

const quantisedSchema = z.object({
  bytes: z.int().positive(),
  sha256: z.string(),
  /** Bytes of the model in float32. */
  modelBytes: z.int().positive(),
  layout: z.enum(['NHWC', 'NCHW']),
  dtype: z.enum(['uint8', 'float32']),
  range: sessionSpecSchema.shape.range,
  scale: z.int().min(1),
  radius: z.int().min(0),
  weightBits: z.union([z.literal(7), z.literal(8)]),
  /** How the ranges of activations were chosen (docs/quantisation.md). */
  ranges: z.string(),
  /** Whether sums and products between layers stay in float32. */
  sumsInFloat: z.boolean(),
  /** Layers of the network, and the names of those that stay in float32. */
  layers: z.int(),
  floatLayers: z.array(z.string()),
  /** dB against what the results should be, what int8 loses of it, and dB between the results of both. */
  psnr: z.object({ fp32: z.number(), int8: z.number() }),
  loss: z.number(),
  fidelity: z.number(),
  /** For one sample, on one thread. */
  milliseconds: z.object({ reference: z.number(), candidate: z.number() }),
  /** Pictures that could not be used. */
  problems: z.array(z.object({ code: z.string(), message: z.string(), file: z.string().optional() })),
});

const nothing = z.object({});

/** `SquarePlace` of squares.ts. */
const placeSchema = z.object({
  level: z.int().min(0).max(12),
  column: z.int().min(0),
  row: z.int().min(0),
});

const squareSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  bytes: z.int().positive(),
});

/** Every request, with the shapes of its question and its answer. */
export const engineRequests = {
  configure: {
    input: z.object({ protocol: z.int(), config: configSchema }),
    output: z.object({ protocol: z.int(), pid: z.int(), node: z.string() }),
  },
  probe: { input: z.object({ source: z.string() }), output: probeSchema },
  /** Writes a JPEG of `source` for the screen to `target`, upright and in sRGB, no larger than the given box. */
  preview: {
    input: z.object({
      source: z.string(),
      target: z.string(),
      width: z.int().positive(),
      height: z.int().positive(),
    }),
    output: z.object({ width: z.int().positive(), height: z.int().positive(), bytes: z.int().positive() }),
  },
  /**
   * Writes a square of the picture `source` for the screen to `target`, upright and in sRGB: JPEG, or PNG where it has
   * transparency. The picture is decoded once, and kept as scratch files for its other squares. Fails with `not-found`
   * beyond the picture.
   */
  square: {
    input: placeSchema.extend({ source: z.string(), target: z.string() }),
    output: squareSchema,
  },
  /**
   * The same of a result in work: what is not done of it yet is transparent. Fails with `not-found` too before a tile
   * of it can have been computed, and for a job that is over or unknown.
   */
  resultSquare: {
    input: placeSchema.extend({ jobId: z.int().min(0), target: z.string() }),
    output: squareSchema,
  },
  /**
   * Where the user looks, in pixels of the job's result, or null: nowhere. Its tiles are computed first, those near the
   * point before the others. There is one such place; it may be said before the job is there.
   */
  look: {
    input: z.object({
      jobId: z.int().min(0),
      point: z.object({ x: z.number(), y: z.number() }).nullable(),
    }),
    output: nothing,
  },
  /** Makes a session resident in every worker; the answer says what it takes, all workers together. */
  loadSession: {
    input: networkUseSchema.extend({ session: sessionSpecSchema, tile: tileSchema }),
    output: z.object({
      bytes: z.int().min(0),
      milliseconds: z.number(),
      tilePixels: tilePixelsSchema,
    }),
  },
  unloadSession: { input: z.object({ key: z.string() }), output: nothing },
  /** Fails with `internal` if the session that the plan needs is not resident. */
  enhance: { input: jobSchema, output: resultSchema },
  /**
   * Cancels these jobs, or all. Answered as soon as no later tile of theirs can start (acknowledged); their
   * `enhance` fails with `cancelled` once memory, scratch and temporary files are gone (cleaned).
   */
  cancel: { input: z.object({ jobIds: z.array(z.int()).optional() }), output: nothing },
  /** Runs two sessions of one model on a built-in picture. */
  compare: {
    input: networkUseSchema.extend({ reference: sessionSpecSchema, candidate: sessionSpecSchema }),
    output: z.object({
      /** dB between the two results; 99 if they are equal. */
      psnr: z.number(),
      /** Milliseconds. */
      reference: z.number(),
      candidate: z.number(),
    }),
  },
  /**
   * Writes the int8 form of a float32 model to `temporary`, calibrated and measured with `pictures`. Its progress comes as that
   * of job `jobId`: `decoding` samples, `enhancing` them for calibration, `encoding` and measuring candidates, `verifying`
   * the one that was chosen. Fails with `verify-failed` if it loses more than `maxLoss`.
   */
  quantise: { input: quantiseSchema, output: quantisedSchema },
  /**
   * Writes the half-precision form of a float32 model to `temporary`. Fails with `verify-failed` if it computes something
   * else.
   */
  makeHalf: {
    input: quantiseSchema.pick({ model: true, sha256: true, temporary: true }),
    output: quantisedSchema.pick({ bytes: true, sha256: true, modelBytes: true }).extend({
      /** dB between the results of both, and the largest difference between two samples in parts of their span. */
      psnr: z.number(),
      worst: z.number(),
    }),
  },
  /** The execution providers that the runtime was built with. Whether they work, only `tryDevice` tells. */
  examineRuntime: {
    input: nothing,
    output: z.object({
      /** Version of ONNX Runtime. */
      version: z.string(),
      providers: z.array(providerSchema),
    }),
  },
  /** As `compare`, and whether the candidate's device computes all of its network. A driver may crash the engine over it. */
  tryDevice: {
    input: networkUseSchema.extend({ reference: sessionSpecSchema, candidate: sessionSpecSchema }),
    output: z.object({
      psnr: z.number(),
      /** The largest difference between two samples, in levels of 0..255. */
      worst: z.number(),
      reference: z.number(),
      candidate: z.number(),
      whole: z.boolean(),
    }),
  },
  report: { input: nothing, output: reportSchema },
  /** Answered at once, whatever is in work: an engine that does not answer hangs. */
  ping: { input: nothing, output: nothing },
  stop: { input: nothing, output: nothing },
  /**
   * Finds out how the network of an ONNX file is fed and read. Writes it to `temporary` where it can only be used in another form. Fails
   * with `model-invalid` and all reasons if it cannot be used.
   */
  examineModel: { input: examineModelSchema, output: findingsSchema },
} as const;

type EngineRequests = typeof engineRequests;
export type RequestName = keyof EngineRequests;
export type RequestInput<N extends RequestName> = z.infer<EngineRequests[N]['input']>;
export type RequestOutput<N extends RequestName> = z.infer<EngineRequests[N]['output']>;

const jobProgressSchema = progressSchema.extend({ jobId: z.int() });

export type EngineConfig = z.infer<typeof configSchema>;
export type Probe = z.infer<typeof probeSchema>;
export type EnhanceJob = z.infer<typeof jobSchema>;
export type EnhanceResult = z.infer<typeof resultSchema>;
export type EngineReport = z.infer<typeof reportSchema>;
export type JobProgress = z.infer<typeof jobProgressSchema>;
export type JobState = JobProgress['state'];

const errorSchema = z.object({ code: z.string(), message: z.string(), file: z.string().optional() });

export const toEngineSchema = z.object({ id: z.int(), request: z.string(), input: z.unknown() });

export const fromEngineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('answer'), id: z.int(), output: z.unknown() }),
  z.object({ type: z.literal('failed'), id: z.int(), error: errorSchema }),
  z.object({ type: z.literal('progress'), jobs: z.array(jobProgressSchema) }),
]);

export type ToEngine = z.infer<typeof toEngineSchema>;
export type FromEngine = z.infer<typeof fromEngineSchema>;

/** The engine's end of the line to main, whatever carries it. */
export interface EnginePort {
  send(message: FromEngine): void;
  onMessage(listener: (message: unknown) => void): void;
}
