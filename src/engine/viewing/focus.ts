import type { Point } from '../scheduling/tile-task.ts';

/** Where in a job's source the user looks, for whoever orders its tiles. */
export class Focus {
  readonly #followers = new Set<(point: Point | undefined) => void>();
  #point: Point | undefined;

  get point(): Point | undefined {
    return this.#point;
  }

  set(point: Point | undefined): void {
    this.#point = point;
    for (const follower of this.#followers) follower(point);
  }

  /** Calls `follower` with every new place; returns what ends that. */
  follow(follower: (point: Point | undefined) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }
}
