import type { Frame, Page, Request as PlaywrightRequest, Route } from 'playwright';
import { fromShown, isShown } from './addresses.ts';
import { log } from './log.ts';
import { handlerOf } from './protocol.ts';
import { cancelsRequest } from './session.ts';

/** Decides on a navigation that a page has begun by itself: whether it may go on. */
type Gate = (url: string, isMainFrame: boolean) => boolean;
const gates = new Map<Page, Gate>();

/** Asks `gate` about navigations of `page`. */
export function watchNavigations(page: Page, gate: Gate): void {
  gates.set(page, gate);
  page.on('close', () => gates.delete(page));
}

/** Answers every request of every page: those to `app:` by main's handler, and no others. */
export async function answerRoute(route: Route): Promise<void> {
  const request = route.request();
  const url = request.url();
  if (request.isNavigationRequest()) {
    const frame = frameOf(request);
    const gate = frame && gates.get(frame.page());
    // A page that nobody knows has been opened by another one, and is about to be closed.
    if (!gate?.(fromShown(url), frame?.parentFrame() === null)) return route.abort('aborted');
  }
  const handler = isShown(url) ? handlerOf('app') : undefined;
  if (!handler) {
    if (!cancelsRequest(url)) log('network', url);
    return route.abort('blockedbyclient');
  }
  const asked = new Request(fromShown(url), {
    method: request.method(),
    headers: await request.allHeaders().then(withoutPseudo),
  });
  const response = await handler(asked);
  const body = Buffer.from(await response.arrayBuffer());
  await route
    .fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body })
    .catch(() => {});
}

/** Undefined for a page that is just being opened: it has no frame yet. */
function frameOf(request: PlaywrightRequest): Frame | undefined {
  try {
    return request.frame();
  } catch {
    return undefined;
  }
}

function withoutPseudo(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')));
}
