import styles from './Welcome.module.css';

/** What the window shows while Enlarger's work is done on the command line. */
export function Welcome() {
  return (
    <main className={styles.welcome}>
      <h1>Enlarger</h1>
      <p>Photographs are enlarged on the command line so far:</p>
      <pre>npx enlarger enhance photos --out results --scale 2</pre>
      <p className={styles.quiet}>Nothing leaves this machine.</p>
    </main>
  );
}
