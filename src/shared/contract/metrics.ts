import { z } from 'zod';

/** A share of something, 0 to 1. */
const share = z.number().min(0).max(1);
const bytes = z.number().min(0);
/** Null where the system, or the driver, does not say. */
const reported = <T extends z.ZodType>(schema: T) => schema.nullable();

/** What the machine and Enlarger are doing, as of one moment; shares are over the second before it, rates over a few seconds. */
export const metricsSchema = z.object({
  /** Milliseconds since 1970. */
  at: z.number(),
  processor: z.object({
    /** Of all cores, by all programs of the machine, and by Enlarger's processes. */
    busy: reported(share),
    ours: reported(share),
    cores: z.int(),
  }),
  memory: z.object({
    /** Of the machine, or of the container that Enlarger is held in. */
    total: bytes,
    used: reported(bytes),
    /** What Enlarger's pictures may take. */
    budget: bytes,
    /** Resident bytes of each of Enlarger's processes, memory that they share divided between them where known. */
    processes: z.array(
      z.object({ role: z.enum(['main', 'engine', 'page']), pid: z.int(), bytes: reported(bytes) }),
    ),
  }),
  /** Empty where no graphics processor was found. */
  gpus: z.array(
    z.object({
      name: z.string(),
      busy: reported(share),
      memoryUsed: reported(bytes),
      memoryTotal: reported(bytes),
    }),
  ),
  /** What computes the networks, such as `CPU`. */
  provider: z.string(),
  queue: z.object({
    filesWaiting: z.int(),
    filesInWork: z.int(),
    tilesWaiting: z.int(),
    tilesRunning: z.int(),
  }),
  rates: z.object({
    tilesPerSecond: z.number(),
    /** Megapixels of sources. */
    megapixelsPerSecond: z.number(),
    /** Over the last minute. */
    filesPerMinute: z.number(),
  }),
  pool: reported(z.object({ capacity: bytes, inUse: bytes, highWater: bytes, waiting: z.int() })),
  sessions: z.array(z.object({ name: z.string(), bytes })),
  /** Inference workers that tiles are given to now. */
  workers: reported(z.int()),
  /** 99th percentile of how long main's event loop was held up, milliseconds. */
  eventLoopDelay: z.number(),
  /** Seconds that each batch in work still takes; null while that is not known. */
  timeLeft: z.array(z.object({ batchId: z.int(), seconds: reported(z.number()) })),
});

export type Metrics = z.infer<typeof metricsSchema>;
