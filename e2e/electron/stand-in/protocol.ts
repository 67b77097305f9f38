import type { CustomScheme, Protocol } from 'electron';
import { expectNotReady, expectReady } from './readiness.ts';

type Handler = Parameters<Protocol['handle']>[1];

const privileged = new Set<string>();
const handlers = new Map<string, Handler>();

export const protocol = {
  registerSchemesAsPrivileged(schemes: CustomScheme[]) {
    expectNotReady('protocol.registerSchemesAsPrivileged');
    for (const { scheme, privileges } of schemes) {
      if (privileges?.standard && privileges.secure) privileged.add(scheme);
    }
  },
  handle(scheme: string, handler: Handler) {
    expectReady('protocol.handle');
    if (!privileged.has(scheme)) throw new Error(`${scheme}: would have no origin.`);
    if (handlers.has(scheme)) throw new Error(`${scheme}: has a handler already.`);
    handlers.set(scheme, handler);
  },
} satisfies Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle'>;

export function handlerOf(scheme: string): Handler | undefined {
  return handlers.get(scheme);
}
