import type { Session } from 'electron';
import { expectReady } from './readiness.ts';

type Listener = (details: { url: string }, answer: (response: { cancel?: boolean }) => void) => void;
type Asked = (contents: null, permission: string, answer: (granted: boolean) => void) => void;
type Checked = (contents: null, permission: string) => boolean;

const handlers: { asked?: Asked; checked?: Checked; device?: () => boolean; request?: Listener } = {};

/** The one session that there is; typed where main reads it (`electron.ts`). */
const defaultSession = {
  setPermissionRequestHandler: (handler: Asked) => {
    handlers.asked = handler;
  },
  setPermissionCheckHandler: (handler: Checked) => {
    handlers.checked = handler;
  },
  setDevicePermissionHandler: (handler: () => boolean) => {
    handlers.device = handler;
  },
  webRequest: {
    onBeforeRequest: (_filter: unknown, listener: Listener) => {
      handlers.request = listener;
    },
  },
};

export const session = {
  get defaultSession(): Session {
    expectReady('session');
    return defaultSession as unknown as Session;
  },
};

/** Whether main cancels a request; without a listener nobody does. */
export function cancelsRequest(url: string): boolean {
  let cancelled = false;
  handlers.request?.({ url }, ({ cancel = false }) => {
    cancelled = cancel;
  });
  return cancelled;
}

/** Whether main grants a permission in any way that it can be asked for. */
export function grants(permission: string): boolean {
  let granted = handlers.asked === undefined;
  handlers.asked?.(null, permission, (answer) => {
    granted = answer;
  });
  return granted || handlers.checked?.(null, permission) !== false || handlers.device?.() !== false;
}
