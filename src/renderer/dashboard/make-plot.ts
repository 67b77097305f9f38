import uPlot from 'uplot';
import { MINUTE } from './minute.ts';

export interface PlotOptions {
  /** A line over a filled ground is Enlarger's; a quiet one, everybody's. */
  looks: readonly ('ours' | 'quiet')[];
  /** The upper end of the scale, which begins at 0. */
  top(): number;
  /** Is told which moment is pointed at, by its index; undefined: none. */
  onPoint(index: number | undefined): void;
}

/** All charts show the same moments: what is pointed at in one is in the others, too. */
const SYNC = 'machine';

/** A chart of the last minute inside of `place`, which takes its colours from the variables of the style. */
export function makePlot(place: HTMLElement, { looks, top, onPoint }: PlotOptions): uPlot {
  const probe = document.createElement('i');
  place.append(probe);
  // A canvas knows no variables, and what one holds depends on the theme at this moment.
  const colour = (name: string) => () => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const line = (look: 'ours' | 'quiet'): uPlot.Series => ({
    stroke: colour(look === 'ours' ? '--accent' : '--line-strong'),
    ...(look === 'ours' ? { fill: colour('--accent-soft') } : {}),
    width: 1.5,
    points: { show: false },
  });
  return new uPlot(
    {
      width: place.clientWidth,
      height: place.clientHeight,
      padding: [2, 0, 1, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { show: false },
        sync: { key: SYNC },
      },
      scales: { x: { time: false, range: [-MINUTE, 0] }, y: { range: () => [0, top()] } },
      axes: [
        { show: false },
        {
          size: 0,
          values: () => [],
          ticks: { show: false },
          splits: () => [0, top() / 2, top()],
          grid: { stroke: colour('--line'), width: 1 },
        },
      ],
      series: [{}, ...looks.map(line)],
      hooks: {
        setCursor: [({ cursor: { left = -1, idx } }) => onPoint(left < 0 || idx === null ? undefined : idx)],
      },
    },
    [[], ...looks.map(() => [])],
    place,
  );
}
