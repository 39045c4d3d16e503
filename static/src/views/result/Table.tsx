import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Cell, ResultColumn } from "../../core/wire";
import { count } from "../chat/words";
import { copyText } from "../shell/CopyButton";
import { Icon } from "../shell/icons";
import { cellText, isNumeric, numberText, sortedOrder, type Direction } from "./cells";
import type { Rows } from "./rows";

/** Also in result.css as --row; every row has this height, so the window over them is arithmetic. */
const ROW_PX = 27;
const OVERSCAN = 6;
/** Rows measured for the width of a column. */
const MEASURED = 200;

interface Sort {
  column: number;
  direction: Direction;
}

interface Place {
  row: number;
  column: number;
}

/**
 * A grid over any number of rows: only those in sight are in the document. Arrow keys move a cell cursor, Ctrl+C
 * copies the cell under it, and scrolling past what is loaded fetches the next pages.
 */
export function Table({ rows }: { rows: Rows }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const [window_, setWindow] = useState({ top: 0, height: 400 });
  const [sort, setSort] = useState<Sort | null>(null);
  const [cursor, setCursor] = useState<Place | null>(null);
  const columns = rows.columns.value;
  const loaded = rows.loaded.value;
  const total = rows.total.value;

  const order = useMemo(() => (sort && rows.isComplete ? sortedOrder(loaded, sort.column, columns[sort.column]!, sort.direction) : null), [sort, loaded, columns]);
  const widths = useMemo(() => columns.map((column, at) => widthOf(column, at, loaded)), [columns, loaded.length > MEASURED ? MEASURED : loaded.length]);
  const rowNumberWidth = Math.max(2, String(total).length) + 2;
  const template = `${rowNumberWidth}ch ${widths.map((w) => `${w}ch`).join(" ")} 1fr`;
  // Said outright: rows that had to find their own width made layout the dearest part of a scroll.
  const width = `max(100%, ${widths.reduce((sum, w) => sum + w, rowNumberWidth)}ch)`;

  const first = Math.max(0, Math.floor(window_.top / ROW_PX) - OVERSCAN);
  const last = Math.min(total, Math.ceil((window_.top + window_.height) / ROW_PX) + OVERSCAN);
  // Rows that leave at one end come back at the other: their nodes are used again instead of made anew.
  const slots = Math.ceil(window_.height / ROW_PX) + 2 * OVERSCAN + 2;

  useEffect(() => {
    if (last > loaded.length && !rows.isComplete) void rows.upTo(last);
  }, [last, loaded.length]);

  useLayoutEffect(() => {
    const box = scroller.current!;
    const measure = (): void => setWindow({ top: box.scrollTop, height: box.clientHeight });
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(box);
    return () => watch.disconnect();
  }, []);

  const at = (row: number): Cell[] | undefined => loaded[order ? order[row]! : row];

  const sortBy = (column: number): void => {
    const next: Sort | null = sort?.column !== column ? { column, direction: "ascending" } : sort.direction === "ascending" ? { column, direction: "descending" } : null;
    setSort(next);
    // Half of the rows cannot be put in order.
    if (next && !rows.isComplete) void rows.all();
  };

  const reveal = (to: Place): void => {
    setCursor(to);
    const box = scroller.current!;
    const top = to.row * ROW_PX;
    const header = ROW_PX + 2;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + ROW_PX > box.scrollTop + box.clientHeight - header) box.scrollTop = top + ROW_PX - box.clientHeight + header;
    requestAnimationFrame(() => box.querySelector(".td.is-cursor")?.scrollIntoView({ block: "nearest", inline: "nearest" }));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.target as HTMLElement).closest("button")) return;
    const here = cursor ?? { row: Math.floor(window_.top / ROW_PX), column: 0 };
    const page = Math.max(1, Math.floor(window_.height / ROW_PX) - 2);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c") {
      if (cursor && !getSelection()?.toString()) {
        event.preventDefault();
        const value = at(cursor.row)?.[cursor.column];
        void copyText(value === null ? "" : cellText(value));
      }
      return;
    }
    const to: Record<string, Place> = {
      ArrowDown: { ...here, row: here.row + 1 },
      ArrowUp: { ...here, row: here.row - 1 },
      ArrowRight: { ...here, column: here.column + 1 },
      ArrowLeft: { ...here, column: here.column - 1 },
      PageDown: { ...here, row: here.row + page },
      PageUp: { ...here, row: here.row - page },
      Home: event.ctrlKey ? { row: 0, column: 0 } : { ...here, column: 0 },
      End: event.ctrlKey ? { row: total - 1, column: columns.length - 1 } : { ...here, column: columns.length - 1 },
    };
    const wanted = to[event.key];
    if (!wanted) return;
    event.preventDefault();
    const moved = cursor || event.key.startsWith("Page") || event.key === "Home" || event.key === "End" ? wanted : here;
    reveal({ row: clamp(moved.row, 0, total - 1), column: clamp(moved.column, 0, columns.length - 1) });
  };

  if (columns.length === 0 || total === 0) {
    return (
      <p class="empty-result" data-testid="result-table">
        {columns.length ? `No rows. Columns: ${columns.map((c) => c.name).join(", ")}.` : "The query returned nothing."}
      </p>
    );
  }

  const sorting = sort !== null && order === null;
  return (
    <>
      {sorting && (
        <p class="panel-note sort-note" role="status">
          Sorting needs all {count(total, "row")}: {count(loaded.length, "row")} here…
        </p>
      )}
      <div
        class="grid"
        data-testid="result-table"
        ref={scroller}
        role="grid"
        aria-label={`${count(total, "row")}, ${count(columns.length, "column")}`}
        aria-rowcount={total + 1}
        aria-colcount={columns.length + 1}
        aria-activedescendant={cursor && cursor.row >= first && cursor.row < last ? `${rows.resultId}-cursor` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onScroll={(event) => setWindow({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
      >
        <div class="grid-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template, width }}>
          <div class="th is-number" role="columnheader" aria-label="Row">
            #
          </div>
          {columns.map((column, index) => (
            <div
              key={index}
              class="th"
              role="columnheader"
              aria-colindex={index + 2}
              aria-sort={sort?.column === index ? sort.direction : "none"}
              data-numeric={isNumeric(column)}
            >
              <button type="button" title={`${column.name} · ${column.type}`} onClick={() => sortBy(index)}>
                <span class="th-name">{column.name}</span>
                <span class="th-sort">{sort?.column === index && <Icon name={sort.direction === "ascending" ? "sortAsc" : "sortDesc"} size={12} />}</span>
              </button>
            </div>
          ))}
          <div class="th" role="presentation" />
        </div>
        <div class="grid-body" role="presentation" style={{ height: `${total * ROW_PX}px`, width }}>
          {range(first, last).map((row) => (
            <GridRow key={row % slots} row={row} cells={at(row)} columns={columns} template={template} cursor={cursor?.row === row ? cursor.column : -1} cursorId={`${rows.resultId}-cursor`} choose={setCursor} />
          ))}
        </div>
      </div>
    </>
  );
}

interface GridRowProps {
  row: number;
  cells: Cell[] | undefined;
  columns: ResultColumn[];
  template: string;
  /** Column under the cell cursor, or -1. */
  cursor: number;
  cursorId: string;
  choose: (place: Place) => void;
}

function GridRow({ row, cells, columns, template, cursor, cursorId, choose }: GridRowProps): JSX.Element {
  return (
    <div class="tr" role="row" aria-rowindex={row + 2} style={{ gridTemplateColumns: template, transform: `translateY(${row * ROW_PX}px)` }}>
      <div class="td is-number" role="rowheader">
        {row + 1}
      </div>
      {columns.map((column, index) => {
        const value = cells?.[index];
        const numeric = isNumeric(column);
        const isNull = cells !== undefined && (value === null || value === undefined);
        const text = cells === undefined ? "" : numeric ? numberText(value, column) : cellText(value);
        return (
          <div
            key={index}
            class={cursor === index ? "td is-cursor" : "td"}
            id={cursor === index ? cursorId : undefined}
            role="gridcell"
            aria-colindex={index + 2}
            data-numeric={numeric}
            data-null={isNull}
            data-pending={cells === undefined}
            title={text.length > 24 ? text : undefined}
            onClick={() => choose({ row, column: index })}
          >
            {text}
          </div>
        );
      })}
      <div class="td" role="presentation" />
    </div>
  );
}

function widthOf(column: ResultColumn, at: number, rows: Cell[][]): number {
  let longest = column.name.length + 3;
  const numeric = isNumeric(column);
  for (let row = 0; row < Math.min(rows.length, MEASURED); row++) {
    const value = rows[row]?.[at];
    longest = Math.max(longest, numeric ? numberText(value, column).length : cellText(value).length);
  }
  return clamp(longest + 3, 7, 44);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
