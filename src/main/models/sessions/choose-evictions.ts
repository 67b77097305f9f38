/** A resident session as eviction sees it. */
export interface Evictable {
  key: string;
  bytes: number;
  /** Users at the moment; what is in use stays. */
  references: number;
  /** When its last user left, on the clock of `now`, in milliseconds. */
  lastUsed: number;
}

export interface EvictionPolicy {
  /** Bytes that sessions may take together. */
  budgetBytes: number;
  /** Milliseconds after its last use at which a session is let go even if there is room. */
  idleMs: number;
}

/**
 * Which sessions are let go at `now`: those idle for too long, then the least recently used until the rest
 * fits the budget. Sessions in use stay, even beyond the budget.
 */
export function chooseEvictions(
  sessions: readonly Evictable[],
  { budgetBytes, idleMs }: EvictionPolicy,
  now: number,
): string[] {
  const unused = sessions
    .filter(({ references }) => references === 0)
    .sort((a, b) => a.lastUsed - b.lastUsed);
  let bytes = sessions.reduce((sum, session) => sum + session.bytes, 0);
  const evicted: string[] = [];
  for (const session of unused) {
    if (now - session.lastUsed < idleMs && bytes <= budgetBytes) continue;
    evicted.push(session.key);
    bytes -= session.bytes;
  }
  return evicted;
}
