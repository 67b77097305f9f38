import { useEffect, useRef } from 'react';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { makePlot, type PlotOptions } from './make-plot.ts';
import type { Minute } from './minute.ts';
import styles from './Plot.module.css';

interface PlotProps {
  minute: Minute;
  /** As many as there are lines, the same ones always. */
  looks: PlotOptions['looks'];
  top: number;
  onPoint: PlotOptions['onPoint'];
}

/** Lines over the last minute, for those who see; what they say is to be said beside it in words, too. */
export function Plot({ minute, looks, top, onPoint }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef({ top, onPoint });
  latest.current = { top, onPoint };
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = makePlot(element, {
      looks,
      top: () => latest.current.top,
      onPoint: (index) => latest.current.onPoint(index),
    });
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      element.replaceChildren();
      plot.current = undefined;
    };
  }, [looks]);
  useEffect(() => {
    plot.current?.setData([[...minute.seconds], ...minute.lines.map((line) => [...line])]);
  });
  return <div ref={place} className={styles.plot} aria-hidden="true" />;
}
