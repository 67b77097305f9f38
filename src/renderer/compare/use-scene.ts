import { useMemo } from 'react';
import type { Input } from '../../shared/contract/input.ts';
import type { MediaRequest } from '../../shared/contract/media.ts';
import { pictureUrl } from '../components/media.ts';
import { useIntake } from '../intake/intake-store.ts';
import { isInWork } from '../stores/library.ts';
import type { Want } from './bitmap-loader.ts';
import type { Size } from './camera.ts';
import { fileScene, ownPicture, pictureScene, type Scene } from './scene.ts';
import type { Subject } from './subject.ts';
import { useFreshness } from './use-freshness.ts';
import { useNaturalSize } from './use-natural-size.ts';

/** Longest side of what main shows of a photograph whose size nobody knows yet. */
const SIDE = 1600;

export interface Shown {
  scene: Scene | undefined;
  /** What will be needed as soon as there is a scene. */
  coming: readonly Want[];
  /** Neither the browser nor main can show it. */
  unseen: boolean;
}

/** What is to be drawn of `subject`. `onProgress` is told when more of a result in work is there. */
export function useScene(subject: Subject, onProgress: () => void): Shown {
  const kept = useIntake((intake) => intake.kept);
  const file = subject.kind === 'file' ? subject.file : undefined;
  const { scale } = subject;
  const facts = file?.facts ?? undefined;
  const address = facts ? undefined : addressOf(subject);
  const natural = useNaturalSize(address);
  const size = useSize(facts ?? natural ?? undefined);
  const resultSize = useSize(size && { width: size.width * scale, height: size.height * scale });
  const inWork = facts !== undefined && file !== undefined && isInWork(file.state);
  const freshness = useFreshness(inWork ? file.id : undefined, resultSize, onProgress);
  const id = facts && file?.id;
  const picture = kept && kept.fileId === id ? kept.picture : undefined;
  const done = file?.state === 'done' ? file.result?.sha256 : undefined;
  const alpha = facts?.alpha ?? false;
  const scene = useMemo(() => {
    if (!size) return undefined;
    if (id === undefined) return address === undefined ? undefined : pictureScene(address, size, scale);
    const stampOf = freshness && ((part: Parameters<typeof freshness.stampOf>[0]) => freshness.stampOf(part));
    return fileScene({ id, size, alpha, scale, picture, done, stampOf });
  }, [id, address, size, alpha, scale, picture, done, freshness]);
  const coming = useMemo(
    () => (address === undefined || natural !== undefined ? [] : [ownPicture(address)]),
    [address, natural],
  );
  return { scene, coming, unseen: natural === null };
}

/** The same object as long as it is the same size. */
function useSize(size: Size | undefined): Size | undefined {
  const { width, height } = size ?? { width: 0, height: 0 };
  return useMemo(() => (width > 0 && height > 0 ? { width, height } : undefined), [width, height]);
}

/** Where something is shown from whose size is not known. */
function addressOf(subject: Subject): string | undefined {
  if (subject.kind === 'file') return pictureUrl({ kind: 'source', id: subject.file.id, side: SIDE });
  const { picture, input, kind } = subject.entry;
  if (picture !== undefined) return picture;
  return kind === 'picture' && input ? pictureUrl(requestOf(input)) : undefined;
}

function requestOf(input: Input): MediaRequest {
  return { ...input, side: SIDE };
}
