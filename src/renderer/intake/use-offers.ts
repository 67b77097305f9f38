import { useEffect } from 'react';
import { useLibrary } from '../stores/library-store.ts';
import { useClient } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import { addOffered } from './adding.ts';

/** Takes what the system or the command line hands over. */
export function useOffers(): void {
  const client = useClient();
  const attempt = useAttempt();
  const offers = useLibrary((library) => library.offers);
  const dismiss = useLibrary((library) => library.dismissOffer);
  useEffect(() => {
    for (const { id } of offers) {
      dismiss(id);
      void attempt(() => client.offers.take({ id })).then((offered) => {
        // Another page may have been quicker.
        if (offered && offered.length > 0) addOffered(offered, false);
      });
    }
  }, [offers, dismiss, attempt, client]);
}
