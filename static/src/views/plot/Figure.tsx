import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { isDark } from "../shell/theme";
import "./plot.css";

/** A colour of the theme, by its custom property. */
export type Colour = (name: string) => string;

interface Props {
  label: string;
  note: string;
  data: uPlot.AlignedData;
  options: (colour: Colour, axis: uPlot.Axis) => Pick<uPlot.Options, "scales" | "axes" | "series"> & Partial<uPlot.Options>;
}

const HEIGHT_PX = 220;

/** A plot in the colours of the theme, as wide as its place. Drawn anew when `data` is another object. */
export function Figure({ label, note, data, options }: Props): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const dark = isDark.value;
  useEffect(() => {
    const node = box.current!;
    const style = getComputedStyle(document.documentElement);
    const colour: Colour = (name) => style.getPropertyValue(name).trim();
    const axis: uPlot.Axis = {
      stroke: colour("--ink-2"),
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { stroke: colour("--line"), width: 1, size: 4 },
      font: `11px ${style.fontFamily}`,
    };
    const plot = new uPlot({ width: node.clientWidth, height: HEIGHT_PX, ...options(colour, axis) }, data, node);
    const resized = new ResizeObserver(() => plot.setSize({ width: node.clientWidth, height: HEIGHT_PX }));
    resized.observe(node);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [data, dark]);
  return (
    <figure class="plot-figure" aria-label={label}>
      <div ref={box} role="img" aria-label={label} />
      <figcaption>{note}</figcaption>
    </figure>
  );
}
