import type { Bridge } from '../shared/contract/bridge.ts';

declare global {
  interface Window {
    /** In the desktop shell only. */
    readonly enlarger?: Bridge;
  }
}
