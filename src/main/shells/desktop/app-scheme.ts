import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { CustomScheme } from 'electron';
import { parseMedia } from '../../../shared/contract/media.ts';
import { asEnlargerError } from '../../../shared/errors.ts';
import type { MediaHandler } from '../../media/media-handler.ts';
import { SECURITY_HEADERS } from '../content-policy.ts';
import { statusOf } from '../error-status.ts';
import { readPageFile } from '../page-files.ts';

/** Where the window's page comes from: a scheme of its own, answered in this process. */
export const APP_SCHEME: CustomScheme = {
  scheme: 'app',
  // A standard, secure scheme has origins, as http has; `stream`: large answers are read as they come.
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
};

const HOST = 'enlarger';
/** The origin of the page, and of nothing else. */
export const APP_ORIGIN = `app://${HOST}`;
export const PAGE_ADDRESS = `${APP_ORIGIN}/`;

interface Served {
  /** Folder of the page. */
  renderer: string;
  media: Pick<MediaHandler, 'handle'>;
}

/** Whether an address is the page itself, whatever it says behind `?` and `#`. */
export function isPageAddress(address: string): boolean {
  const { protocol, host, pathname } = URL.parse(address) ?? {};
  return protocol === 'app:' && host === HOST && (pathname === '/' || pathname === '/index.html');
}

/** Answers requests to `app:`: pictures below `/media`, else the files of the page. Nothing else has an answer. */
export function answerApp({ renderer, media }: Served): (request: Request) => Promise<Response> {
  return async (request) => {
    const head = request.method === 'HEAD';
    if (!head && request.method !== 'GET') return answer(405);
    const url = new URL(request.url);
    if (url.host !== HOST) return answer(404);
    try {
      if (url.pathname.startsWith('/media/')) return await answerMedia(media, url, request, head);
      const file = await readPageFile(renderer, url.pathname);
      if (!file) return answer(404);
      const headers = { 'content-type': file.type, 'content-length': String(file.body.length) };
      return answer(200, headers, head ? null : file.body);
    } catch (error) {
      const typed = asEnlargerError(error, 'internal');
      return answer(statusOf(typed), { 'content-type': 'application/json' }, JSON.stringify(typed.toJSON()));
    }
  };
}

async function answerMedia(
  media: Served['media'],
  url: URL,
  request: Request,
  head: boolean,
): Promise<Response> {
  const asked = parseMedia(url.pathname.slice('/media'.length), url.searchParams);
  if (!asked) return answer(404);
  const ifNoneMatch = request.headers.get('if-none-match') ?? undefined;
  const { status, headers, body } = await media.handle(asked, { head, ifNoneMatch });
  return answer(status, headers, body ? (Readable.toWeb(body) as ReadableStream<Uint8Array>) : null);
}

function answer(
  status: number,
  headers: Record<string, string> = {},
  body: ReadableStream<Uint8Array> | Buffer<ArrayBuffer> | string | null = null,
): Response {
  // The types of browsers and of Node say the same stream in other words.
  return new Response(body as BodyInit | null, {
    status,
    headers: { ...SECURITY_HEADERS, 'cache-control': 'no-store', ...headers },
  });
}
