import { type Rect, scaled } from '../../shared/tiles.ts';
import type { FrameLayout } from '../codec/frame-layout.ts';
import type { Rows } from '../codec/load.ts';
import type { SharedFrame, TileWork } from '../inference/tile-runner.ts';
import type { TileScheduler } from '../scheduling/tile-scheduler.ts';
import type { Frame } from './frames.ts';

/** The tiles of one frame on their way through the scheduler, all at once or in parts, and how far they are. */
export class FrameTiles {
  readonly #scheduler: TileScheduler<TileWork>;
  readonly #frame: Frame;
  readonly #session: string;
  readonly #total: number;
  readonly #signal: AbortSignal;
  #begunAt: number | undefined;
  #done = 0;
  #pixels = 0;

  /** `session`: the key of the resident session; `total`: tiles of the whole frame. */
  constructor(
    scheduler: TileScheduler<TileWork>,
    frame: Frame,
    { session, total, signal }: { session: string; total: number; signal: AbortSignal },
  ) {
    this.#scheduler = scheduler;
    this.#frame = frame;
    this.#session = session;
    this.#total = total;
    this.#signal = signal;
    this.#report();
  }

  /** `performance.now()` when the first tile was begun: till then others had the workers. Undefined before. */
  get begunAt(): number | undefined {
    return this.#begunAt;
  }

  /**
   * Resolves when the tiles `rects` are computed. `jobId` is free in the scheduler; `layout` says where source and
   * result lie in the frame's lease, `held` which rows of the source lie there: all where it is absent.
   */
  async compute(jobId: string, rects: readonly Rect[], layout: FrameLayout, held?: Rows): Promise<void> {
    const { context } = this.#frame;
    const work = this.#tileWork(layout, held);
    const { focus } = context;
    const unfollow = focus.follow((point) => this.#scheduler.setFocus(jobId, point));
    const computed = this.#scheduler.submit({
      id: jobId,
      lane: context.job.lane,
      focus: focus.point,
      tiles: rects.map((rect, index) => ({
        jobId,
        index,
        x: rect.x + rect.width / 2,
        y: rect.y + rect.height / 2,
        cost: rect.width * rect.height,
        payload: work(rect),
      })),
      signal: this.#signal,
      onBegin: () => {
        this.#begunAt ??= performance.now();
      },
      onTile: ({ cost, payload }) => {
        this.#done += 1;
        this.#pixels += cost;
        // The rows of a band can be seen when they are in the result's file.
        if (held) this.#report();
        else this.show(payload.tile);
      },
    });
    await computed.finally(unfollow);
  }

  /** The result of the part `rect` of the source is where it can be seen. */
  show(rect: Rect): void {
    const { context } = this.#frame;
    const place = scaled(rect, context.job.plan.scale);
    context.shown.add(place);
    this.#report(place);
  }

  #report(dirty?: Rect): void {
    this.#frame.context.report('enhancing', this.#done, this.#total, this.#pixels, dirty);
  }

  #tileWork(layout: FrameLayout, held: Rows | undefined): (tile: Rect) => TileWork {
    const { context, decoded, lease } = this.#frame;
    const { scale, receptiveRadius } = context.job.plan;
    const { width, height, deep } = decoded;
    const source: SharedFrame = { buffer: lease.buffer, offset: layout.source, width, height, deep };
    const result = { ...source, offset: layout.result, width: width * scale, height: height * scale };
    if (held) {
      source.held = held;
      result.held = { top: held.top * scale, rows: held.rows * scale };
    }
    const flags = { flags: context.flag.buffer, flag: context.flag.index };
    return (tile) => ({
      session: this.#session,
      source,
      result,
      tile,
      scale,
      radius: receptiveRadius,
      ...flags,
    });
  }
}
