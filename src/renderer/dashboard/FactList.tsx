import { type ReactNode, useId } from 'react';
import styles from './FactList.module.css';

export interface Fact {
  name: string;
  value: string;
  /** How much of something that is, 0 to 1. */
  share?: number;
}

interface FactListProps {
  title: string;
  facts: readonly Fact[];
  /** Said where there are no facts. */
  children?: ReactNode;
}

/** Names and values below a heading. */
export function FactList({ title, facts, children }: FactListProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles.group}>
      <h2 id={id} className={styles.title}>
        {title}
      </h2>
      {facts.length === 0 ? <p className={styles.none}>{children}</p> : null}
      <dl className={styles.list}>
        {facts.map(({ name, value, share }, index) => (
          <div key={`${name} ${index}`} className={styles.fact}>
            <dt className={styles.name}>{name}</dt>
            <dd className={styles.value}>{value}</dd>
            {share === undefined ? null : (
              <dd className={styles.track} aria-hidden="true">
                <span className={styles.bar} style={{ transform: `scaleX(${Math.min(1, share)})` }} />
              </dd>
            )}
          </div>
        ))}
      </dl>
    </section>
  );
}
