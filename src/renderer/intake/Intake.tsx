import type { ReactNode } from 'react';

/** Takes what is dropped or pasted anywhere on the page. */
export function Intake({ children }: { children: ReactNode }) {
  return children;
}
