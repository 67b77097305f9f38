import { useCallback } from 'react';
import { errorOf } from '../../shared/contract/error.ts';
import { toasts } from '../components/toasts.ts';

/** Runs a call to main; what it fails of is shown to the user. Resolves to undefined then. */
export function useAttempt() {
  return useCallback(async <T>(call: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await call();
    } catch (error) {
      toasts.add({ description: errorOf(error).message, type: 'problem', timeout: 0 });
      return undefined;
    }
  }, []);
}
