import { EventEmitter } from 'node:events';

/** What carries a port's messages to its other end. */
interface OtherEnd {
  deliver(data: unknown): void;
  close(): void;
}

/** One end of a channel in main. Messages wait until it is started. */
export class StandInPort extends EventEmitter {
  #other: OtherEnd | undefined;
  #started = false;
  #closed = false;
  #transferred = false;
  readonly #waiting: unknown[] = [];

  connect(other: OtherEnd): void {
    this.#other = other;
  }

  postMessage(message: unknown): void {
    this.#expectHere();
    if (!this.#closed) this.#other?.deliver(structuredClone(message));
  }

  start(): void {
    this.#expectHere();
    this.#started = true;
    for (const data of this.#waiting.splice(0)) this.emit('message', { data, ports: [] });
  }

  close(): void {
    if (this.#closed) return;
    this.#other?.close();
    this.closed();
  }

  /** A message has come. */
  take(data: unknown): void {
    if (this.#closed) return;
    if (this.#started) this.emit('message', { data, ports: [] });
    else this.#waiting.push(data);
  }

  /** The other end is gone. */
  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.emit('close');
  }

  /** Gives this end away: what it has been sent, and will be, goes to `end`. Answers what the new end sends through. */
  transfer(end: OtherEnd): OtherEnd {
    this.#expectHere();
    this.#transferred = true;
    const other = this.#other as Pair;
    other.partner.connect(end);
    for (const data of this.#waiting.splice(0)) end.deliver(data);
    return { deliver: (data) => other.partner.take(data), close: () => other.partner.closed() };
  }

  #expectHere(): void {
    if (this.#transferred) throw new Error('The port has been transferred.');
  }
}

/** The other end of a port, while it is in this process too. */
class Pair implements OtherEnd {
  readonly partner: StandInPort;

  constructor(partner: StandInPort) {
    this.partner = partner;
  }

  deliver(data: unknown): void {
    setImmediate(() => this.partner.take(data));
  }

  close(): void {
    setImmediate(() => this.partner.closed());
  }
}

export class StandInChannel {
  readonly port1 = new StandInPort();
  readonly port2 = new StandInPort();

  constructor() {
    this.port1.connect(new Pair(this.port2));
    this.port2.connect(new Pair(this.port1));
  }
}
