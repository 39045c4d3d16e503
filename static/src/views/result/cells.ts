/** How a value reads in a table, and how two values of a column compare. */
import type { Cell, ColumnKind, ResultColumn } from "../../core/wire";

const NUMERIC = new Set<ColumnKind>(["integer", "decimal", "float"]);

export function isNumeric(column: ResultColumn): boolean {
  if (column.kind) return NUMERIC.has(column.kind);
  return /int|numeric|decimal|float|double|real|money/i.test(column.type);
}

/** Always text. Digits are those the database gave: no rounding, no grouping of what may be an id. */
export function cellText(value: Cell | undefined): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

/** For people: thousands are grouped where the column is a quantity, not a year or an id. */
export function numberText(value: Cell | undefined, column: ResultColumn): string {
  const text = cellText(value);
  if (value === null || value === undefined || !/^-?\d+(\.\d+)?$/.test(text)) return text;
  if (/(^|_)(id|year|zip|postcode|code|no|number)$/i.test(column.name) || /^(id|year)/i.test(column.name)) return text;
  const [whole = "", fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Nulls last, whichever the direction. */
export function compareCells(a: Cell | undefined, b: Cell | undefined, numeric: boolean): number {
  if (numeric) return compareNumbers(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  return collator.compare(cellText(a), cellText(b));
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** Exact beyond 2^53: numbers first, and their digits when those are equal. */
function compareNumbers(a: Cell | undefined, b: Cell | undefined): number {
  const difference = Number(a) - Number(b);
  if (difference !== 0 && !Number.isNaN(difference)) return difference;
  const [x, y] = [cellText(a), cellText(b)];
  if (x === y) return 0;
  if (/^-?\d+$/.test(x) && /^-?\d+$/.test(y)) {
    const [p, q] = [BigInt(x), BigInt(y)];
    return p < q ? -1 : p > q ? 1 : 0;
  }
  return collator.compare(x, y);
}

export type Direction = "ascending" | "descending";

/** Positions of `rows` in the order of one column; stable. */
export function sortedOrder(rows: Cell[][], at: number, column: ResultColumn, direction: Direction): Uint32Array {
  const numeric = isNumeric(column);
  const sign = direction === "ascending" ? 1 : -1;
  const order = Uint32Array.from(rows.keys());
  return order.sort((i, j) => {
    const a = rows[i]?.[at];
    const b = rows[j]?.[at];
    const missing = Number(a === null || a === undefined) - Number(b === null || b === undefined);
    if (missing !== 0) return missing;
    if (a === null || a === undefined) return i - j;
    return sign * compareCells(a, b, numeric) || i - j;
  });
}
