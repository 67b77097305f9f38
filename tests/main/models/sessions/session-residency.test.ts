import { afterEach, describe, expect, it, vi } from 'vitest';
import { SessionResidency } from '../../../../src/main/models/sessions/session-residency.ts';
import { sessionKey } from '../../../../src/shared/plan.ts';
import { startEngine } from '../../../support/engine.ts';
import { planFor } from '../../../support/models.ts';
import { temporaryFolder } from '../../../support/pictures.ts';

const plan = planFor({ tile: 32 });
const { shallow, deep } = plan;
const POLICY = { budgetBytes: 1e9, idleMs: 60_000 };

afterEach(() => {
  vi.useRealTimers();
});

async function residency(policy = POLICY) {
  const { engine } = await startEngine(await temporaryFolder());
  const keys = async () => (await engine.request('report', {})).sessions.map(({ key }) => key);
  return { engine, keys, sessions: new SessionResidency(engine, policy) };
}

describe('a session', () => {
  it('is loaded once for all who ask at once, and charged what the engine measured', async () => {
    const { engine, sessions } = await residency();
    const references = await Promise.all([1, 2, 3].map(() => sessions.acquire(shallow, plan)));
    const [reported] = (await engine.request('report', {})).sessions;
    expect(sessions.sessions).toMatchObject([
      { key: sessionKey(shallow), references: 3, bytes: reported?.bytes },
    ]);
    // Two workers hold it, and each at least the weights.
    expect(reported?.bytes).toBeGreaterThan(2 * 100_000);
    for (const reference of references) reference[Symbol.dispose]();
    for (const reference of references) reference[Symbol.dispose]();
    expect(sessions.sessions).toMatchObject([{ references: 0 }]);
    sessions.close();
  });

  it('goes when it is the least recently used beyond the budget', async () => {
    const { keys, sessions } = await residency({ ...POLICY, budgetBytes: 1 });
    const first = await sessions.acquire(shallow, plan);
    const second = await sessions.acquire(deep, plan);
    expect(await keys()).toEqual([shallow, deep].map(sessionKey));
    first[Symbol.dispose]();
    expect(await keys()).toEqual([sessionKey(deep)]);
    second[Symbol.dispose]();
    expect(await keys()).toEqual([]);
    sessions.close();
  });

  it('goes when it has been idle, and comes back when it is asked for', async () => {
    const { keys, sessions } = await residency();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    (await sessions.acquire(shallow, plan))[Symbol.dispose]();
    vi.advanceTimersByTime(POLICY.idleMs - 1);
    expect(sessions.sessions).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sessions.sessions).toEqual([]);
    vi.useRealTimers();
    expect(await keys()).toEqual([]);
    using _again = await sessions.acquire(shallow, plan);
    expect(await keys()).toEqual([sessionKey(shallow)]);
    sessions.close();
  });

  it('that cannot be loaded is not resident, and may be tried again', async () => {
    const { keys, sessions } = await residency();
    const broken = { ...shallow, sha256: '0'.repeat(64) };
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(sessions.acquire(broken, plan)).rejects.toMatchObject({ code: 'model-invalid' });
    }
    expect(sessions.sessions).toEqual([]);
    expect(await keys()).toEqual([]);
    sessions.close();
  });
});
