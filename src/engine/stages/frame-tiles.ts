import { type SessionSpec, sessionKey } from '../../shared/plan.ts';
import { type Rect, scaled } from '../../shared/tiles.ts';
import type { FrameLayout } from '../codec/frame-layout.ts';
import type { Rows } from '../codec/load.ts';
import { clearSeams, type SharedSeams } from '../inference/seam-memory.ts';
import { cellNumber, cellsOf } from '../inference/seams.ts';
import { tileNetworkOf } from '../inference/tile-network.ts';
import type { SharedFrame, TileWork } from '../inference/tile-runner.ts';
import type { TileScheduler } from '../scheduling/tile-scheduler.ts';
import type { Frame } from './frames.ts';

/** Where in the frame's lease source and result lie, and which rows of the source: all where `held` is absent. */
interface Place {
  layout: FrameLayout;
  held?: Rows;
}

/** The tiles of one frame on their way through the scheduler, all at once or in parts, and how far they are. */
export class FrameTiles {
  readonly #scheduler: TileScheduler<TileWork>;
  readonly #frame: Frame;
  readonly #session: SessionSpec;
  readonly #total: number;
  readonly #signal: AbortSignal;
  readonly #seams: SharedSeams | undefined;
  /** How many tiles have reached a cell that not all have, by its number. */
  readonly #reached = new Map<number, number>();
  #begunAt: number | undefined;
  #done = 0;
  #pixels = 0;

  /** `session`: a resident one; `total`: tiles of the whole frame. */
  constructor(
    scheduler: TileScheduler<TileWork>,
    frame: Frame,
    { session, total, signal }: { session: SessionSpec; total: number; signal: AbortSignal },
  ) {
    this.#scheduler = scheduler;
    this.#frame = frame;
    this.#session = session;
    this.#total = total;
    this.#signal = signal;
    const { memory, lease } = frame;
    this.#seams = memory.seams && { ...memory.seams, buffer: lease.buffer };
    if (this.#seams) clearSeams(this.#seams);
    this.#report();
  }

  /** `performance.now()` when the first tile was begun: till then others had the workers. Undefined before. */
  get begunAt(): number | undefined {
    return this.#begunAt;
  }

  /**
   * Resolves when the tiles `rects`, which lie at `place`, are computed. `jobId` is free in the scheduler; `below` is where the
   * next row of tiles lies, where that is not there.
   */
  async compute(jobId: string, rects: readonly Rect[], place: Place, below = place): Promise<void> {
    const { context } = this.#frame;
    const work = this.#tileWork(place, below);
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
        if (place.held) this.#report();
        else this.#showDone(payload.tile);
      },
    });
    await computed.finally(unfollow);
  }

  /** The result of the part `rect` of the source is where it can be seen. */
  show(rect: Rect): void {
    this.#showPlace(scaled(rect, this.#frame.context.job.plan.scale));
  }

  /** What of the result is done with `tile`: where it overlaps with others, that may be later. */
  #showDone(tile: Rect): void {
    const seams = this.#seams;
    if (!seams) {
      this.show(tile);
      return;
    }
    for (const cell of cellsOf(seams, scaled(tile, this.#frame.context.job.plan.scale))) {
      const number = cellNumber(seams, cell);
      const reached = (this.#reached.get(number) ?? 0) + 1;
      this.#reached.set(number, reached);
      if (reached === cell.tiles) this.#showPlace(cell.place);
    }
    this.#report();
  }

  #showPlace(place: Rect): void {
    this.#frame.context.shown.add(place);
    this.#report(place);
  }

  #report(dirty?: Rect): void {
    this.#frame.context.report('enhancing', this.#done, this.#total, this.#pixels, dirty);
  }

  #tileWork(place: Place, below: Place): (tile: Rect) => TileWork {
    const { context, decoded, lease } = this.#frame;
    const network = tileNetworkOf(context.job.plan);
    const { layout, held } = place;
    const { width, height, deep } = decoded;
    const source: SharedFrame = { buffer: lease.buffer, offset: layout.source, width, height, deep };
    if (held) source.held = held;
    const result = this.#resultAt(place);
    const seams = this.#seams && { seams: { ...this.#seams, below: this.#resultAt(below) } };
    const { range } = this.#session;
    const session = { session: sessionKey(this.#session), ...(range ? { range } : {}) };
    const flags = { flags: context.flag.buffer, flag: context.flag.index };
    return (tile) => ({ ...session, ...network, source, result, tile, ...seams, ...flags });
  }

  #resultAt({ layout, held }: Place): SharedFrame {
    const { context, decoded, lease } = this.#frame;
    const { scale } = context.job.plan;
    const [width, height] = [decoded.width * scale, decoded.height * scale];
    const place = { buffer: lease.buffer, offset: layout.result, width, height, deep: decoded.deep };
    return held ? { ...place, held: { top: held.top * scale, rows: held.rows * scale } } : place;
  }
}
