import type { CDPSession, Page } from 'playwright';
import { isolatedSource, MAIN_SOURCE } from './in-page.ts';
import type { StandInPort } from './ports.ts';
import { decode, encode } from './wire.ts';

/** The isolated world that the preload runs in. */
const WORLD = 'preload';

/** What the preload says. */
type FromPreload =
  | { type: 'send'; channel: string; args: unknown }
  | { type: 'invoke'; id: number; channel: string; args: unknown }
  | { type: 'port'; id: number; data: unknown }
  | { type: 'port-close'; id: number };

interface Receiver {
  send(channel: string, args: unknown[]): void;
  invoke(channel: string, args: unknown[]): Promise<unknown>;
}

interface PortEnd {
  deliver(data: unknown): void;
  close(): void;
}

/** The line between main and the preload of one page, over Chromium's debugging protocol. */
export class RendererLink {
  readonly #cdp: CDPSession;
  readonly #receiver: Receiver;
  readonly #ports = new Map<number, PortEnd>();
  /** The isolated world of the document that is shown. */
  #world: { id: number; frame: string } | undefined;
  #lastPort = 0;

  private constructor(cdp: CDPSession, receiver: Receiver) {
    this.#cdp = cdp;
    this.#receiver = receiver;
  }

  /** Makes every document of `page` begin with the preload. */
  static async open(page: Page, preload: string, receiver: Receiver): Promise<RendererLink> {
    const cdp = await page.context().newCDPSession(page);
    const link = new RendererLink(cdp, receiver);
    cdp.on('Runtime.executionContextCreated', ({ context: { id, name, auxData } }) => {
      if (name === WORLD) link.#enter(id, (auxData as { frameId: string }).frameId);
    });
    cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => link.#leave(executionContextId));
    cdp.on('Runtime.executionContextsCleared', () => link.#leave(link.#world?.id));
    cdp.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === 'standInSend') link.#hear(JSON.parse(payload));
    });
    await cdp.send('Page.enable');
    await cdp.send('Runtime.addBinding', { name: 'standInSend', executionContextName: WORLD });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: MAIN_SOURCE });
    const source = isolatedSource({ encode, decode }, preload);
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName: WORLD });
    await cdp.send('Runtime.enable');
    return link;
  }

  /** Says something to the preload; `ports` arrive there as ports of the page's own kind. */
  message(channel: string, args: unknown[], ports: StandInPort[] = []): void {
    const ids = ports.map((port) => this.#take(port));
    this.#say({ type: 'message', channel, args: encode(args), ports: ids });
  }

  /** Files with these paths are about to be handed to the page by the system. */
  async expectFiles(files: { name: string; size: number; path: string }[]): Promise<void> {
    for (const { name, size, path } of files) {
      const [key, value] = [JSON.stringify(`${name} ${size}`), JSON.stringify(path)];
      await this.#run(`standInFiles.set(${key}, ${value})`);
    }
  }

  get cdp(): CDPSession {
    return this.#cdp;
  }

  /** The page is gone, and everything that it held. */
  close(): void {
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }

  #take(port: StandInPort): number {
    const id = ++this.#lastPort;
    const end = port.transfer({
      deliver: (data) => this.#say({ type: 'port', id, data: encode(data) }),
      close: () => this.#say({ type: 'port-close', id }),
    });
    this.#ports.set(id, end);
    return id;
  }

  #enter(id: number, frame: string): void {
    // Frames inside the page have such a world too, with nothing in it.
    if (this.#world && this.#world.frame !== frame) return;
    if (this.#world) this.close();
    this.#world = { id, frame };
  }

  #leave(id: number | undefined): void {
    if (id === undefined || this.#world?.id !== id) return;
    this.#world = undefined;
    this.close();
  }

  #hear(message: FromPreload): void {
    switch (message.type) {
      case 'send':
        this.#receiver.send(message.channel, decode(message.args) as unknown[]);
        break;
      case 'invoke':
        void this.#answer(message.id, message.channel, decode(message.args) as unknown[]);
        break;
      case 'port':
        this.#ports.get(message.id)?.deliver(decode(message.data));
        break;
      case 'port-close':
        this.#ports.get(message.id)?.close();
        this.#ports.delete(message.id);
        break;
    }
  }

  async #answer(id: number, channel: string, args: unknown[]): Promise<void> {
    try {
      const value = encode(await this.#receiver.invoke(channel, args));
      this.#say({ type: 'answer', id, value });
    } catch (error) {
      this.#say({ type: 'answer', id, failed: error instanceof Error ? error.message : String(error) });
    }
  }

  #say(message: object): void {
    void this.#run(`standInReceive(${JSON.stringify(JSON.stringify(message))})`);
  }

  async #run(expression: string): Promise<void> {
    if (!this.#world) return;
    // A page that is just being left hears nothing any more.
    await this.#cdp.send('Runtime.evaluate', { expression, contextId: this.#world.id }).catch(() => {});
  }
}
