import type { ReactNode } from 'react';
import type { FileProgress } from '../../shared/contract/events.ts';
import type { FileState } from '../../shared/jobs.ts';
import {
  CheckIcon,
  ClockIcon,
  CloseIcon,
  PauseIcon,
  SkippedIcon,
  WarningIcon,
  WorkingIcon,
} from '../components/icons.tsx';

/** What a file of the journal is said to do; one that waits may be paused. */
export const FILE_WORDS = {
  queued: 'strip.stateQueued',
  paused: 'strip.statePaused',
  next: 'strip.stateNext',
  decoding: 'strip.stateDecoding',
  enhancing: 'strip.stateEnhancing',
  encoding: 'strip.stateEncoding',
  verifying: 'strip.stateVerifying',
  done: 'strip.stateDone',
  failed: 'strip.stateFailed',
  cancelled: 'strip.stateCancelled',
  skipped: 'strip.stateSkipped',
} as const satisfies Record<FileState | FileProgress['state'] | 'paused' | 'next', string>;

export const ICON_OF: Record<FileState | 'paused' | 'next', ReactNode> = {
  next: <ClockIcon />,
  queued: <ClockIcon />,
  paused: <PauseIcon />,
  decoding: <WorkingIcon />,
  enhancing: <WorkingIcon />,
  encoding: <WorkingIcon />,
  done: <CheckIcon />,
  failed: <WarningIcon />,
  cancelled: <CloseIcon />,
  skipped: <SkippedIcon />,
};
