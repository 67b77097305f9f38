/** What runs in the page on Electron's behalf. Each function goes there as its own source, and is complete in itself. */

/** What the two worlds of a page say to each other: events on `window`, whose details are cloned between worlds. */
const EVENTS = { expose: 'stand-in:expose', call: 'stand-in:call', answer: 'stand-in:answer' };
type WorldEvents = typeof EVENTS;

/** Shape of what is exposed: functions by their names, everything else as its clone. */
interface Exposed {
  key: string;
  functions: string[];
  values: Record<string, unknown>;
}

interface Answer {
  call: number;
  kind: 'value' | 'error' | 'promise' | 'resolved' | 'rejected';
  value: unknown;
}

/** The page's own world: makes what the preload exposes appear on `window`. */
function mainWorld(events: WorldEvents): void {
  if (window !== window.top) return;
  let calls = 0;
  const answers = new Map<number, Answer>();
  const promised = new Map<number, PromiseWithResolvers<unknown>>();
  addEventListener(events.answer, (event) => {
    const answer = (event as CustomEvent<Answer>).detail;
    if (answer.kind === 'resolved') promised.get(answer.call)?.resolve(answer.value);
    else if (answer.kind === 'rejected') promised.get(answer.call)?.reject(new Error(String(answer.value)));
    else answers.set(answer.call, answer);
  });
  const callerOf = (key: string, name: string) => {
    return (...args: unknown[]) => {
      const call = ++calls;
      // What cannot be cloned does not cross, and says so here.
      const cloned = structuredClone(args);
      dispatchEvent(new CustomEvent(events.call, { detail: { call, key, name, args: cloned } }));
      const answer = answers.get(call);
      answers.delete(call);
      if (answer?.kind === 'error') throw new Error(String(answer.value));
      if (answer?.kind !== 'promise') return answer?.value;
      const promise = Promise.withResolvers<unknown>();
      promised.set(call, promise);
      return promise.promise;
    };
  };
  addEventListener(events.expose, (event) => {
    const { key, functions, values } = (event as CustomEvent<Exposed>).detail;
    const callers = functions.map((name) => [name, callerOf(key, name)]);
    const value = Object.freeze({ ...values, ...Object.fromEntries(callers) });
    Object.defineProperty(window, key, { value, enumerable: true });
  });
}

/** What the isolated world is told, and tells. */
interface Line {
  encode: (value: unknown) => unknown;
  decode: (wire: unknown) => unknown;
  events: WorldEvents;
}

/** The preload's world: returns its `require`, which knows Electron's sandboxed modules and nothing else. */
function isolatedWorld({ encode, decode, events }: Line): (name: string) => unknown {
  type Listener = (event: { ports: MessagePort[] }, ...args: unknown[]) => void;
  interface Scope {
    standInSend: (text: string) => void;
    standInReceive: (text: string) => void;
    standInFiles: Map<string, string>;
  }
  const scope = globalThis as unknown as Scope;
  const say = (message: object) => scope.standInSend(JSON.stringify(message));
  const listeners = new Map<string, Set<Listener>>();
  const invoked = new Map<number, PromiseWithResolvers<unknown>>();
  const ports = new Map<number, MessagePort>();
  scope.standInFiles = new Map();
  let lastInvoke = 0;

  const portOf = (id: number): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.onmessage = ({ data }) => say({ type: 'port', id, data: encode(data) });
    port1.addEventListener('close', () => say({ type: 'port-close', id }));
    return port2;
  };

  scope.standInReceive = (text) => {
    const message = JSON.parse(text);
    switch (message.type) {
      case 'message': {
        const event = { ports: (message.ports as number[]).map(portOf) };
        const args = decode(message.args) as unknown[];
        for (const listener of listeners.get(message.channel) ?? []) listener(event, ...args);
        break;
      }
      case 'answer':
        if (message.failed === undefined) invoked.get(message.id)?.resolve(decode(message.value));
        else invoked.get(message.id)?.reject(new Error(message.failed));
        invoked.delete(message.id);
        break;
      case 'port':
        ports.get(message.id)?.postMessage(decode(message.data));
        break;
      case 'port-close':
        ports.get(message.id)?.close();
        break;
    }
  };

  const ipcRenderer = {
    on: (channel: string, listener: Listener) => {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
      return ipcRenderer;
    },
    off: (channel: string, listener: Listener) => {
      listeners.get(channel)?.delete(listener);
      return ipcRenderer;
    },
    send: (channel: string, ...args: unknown[]) => say({ type: 'send', channel, args: encode(args) }),
    invoke: (channel: string, ...args: unknown[]) => {
      const id = ++lastInvoke;
      const answer = Promise.withResolvers<unknown>();
      invoked.set(id, answer);
      say({ type: 'invoke', id, channel, args: encode(args) });
      return answer.promise;
    },
  };

  const webUtils = {
    getPathForFile: (file: unknown) => {
      if (!(file instanceof File)) throw new TypeError('getPathForFile expected a File.');
      return scope.standInFiles.get(`${file.name} ${file.size}`) ?? '';
    },
  };

  const contextBridge = {
    exposeInMainWorld: (key: string, api: Record<string, unknown>) => {
      const all = Object.entries(api);
      const functions = all.filter(([, value]) => typeof value === 'function');
      const values = all.filter(([, value]) => typeof value !== 'function');
      const reply = (call: number, kind: string, value: unknown) =>
        dispatchEvent(new CustomEvent(events.answer, { detail: { call, kind, value } }));
      const words = (error: unknown) => (error instanceof Error ? error.message : String(error));
      addEventListener(events.call, (event) => {
        const { call, key: called, name, args } = (event as CustomEvent).detail;
        if (called !== key) return;
        try {
          const value: unknown = (api[name] as (...given: unknown[]) => unknown)(...args);
          if (!(value instanceof Promise)) {
            reply(call, 'value', structuredClone(value));
            return;
          }
          reply(call, 'promise', undefined);
          value.then(
            (result) => reply(call, 'resolved', structuredClone(result)),
            (error) => reply(call, 'rejected', words(error)),
          );
        } catch (error) {
          reply(call, 'error', words(error));
        }
      });
      const detail = {
        key,
        functions: functions.map(([name]) => name),
        values: structuredClone(Object.fromEntries(values)),
      };
      dispatchEvent(new CustomEvent(events.expose, { detail }));
    },
  };

  // What a sandboxed preload may require; of the polyfills ours uses none.
  const modules: Record<string, unknown> = {
    electron: { ipcRenderer, webUtils, contextBridge },
    events: {},
    timers: { setTimeout, clearTimeout, setInterval, clearInterval },
    url: { URL, URLSearchParams },
  };
  return (name) => {
    const module = modules[name.replace(/^node:/, '').replace(/^electron\/(renderer|common)$/, 'electron')];
    if (module) return module;
    throw new Error(`module not found: ${name}`);
  };
}

/** Source of everything that the isolated world runs; `preload` is the preload as it was built, one CommonJS file. */
export function isolatedSource(codec: Pick<Line, 'encode' | 'decode'>, preload: string): string {
  const line = `{ encode: ${codec.encode}, decode: ${codec.decode}, events: ${JSON.stringify(EVENTS)} }`;
  return `if (window === window.top) {
    const require = (${isolatedWorld})(${line});
    const module = { exports: {} };
    (function (require, module, exports) {${preload}
    })(require, module, module.exports);
  }`;
}

/** Source of what the page's own world runs before anything of the page's. */
export const MAIN_SOURCE = `(${mainWorld})(${JSON.stringify(EVENTS)});`;
