/** The rows of one result: what came over the wire at first, then page by page from the server as they are needed. */
import { signal } from "@preact/signals";
import * as api from "../../core/api";
import type { Cell, ChartHint, ResultColumn } from "../../core/wire";

export const PAGE_ROWS = 1000;

export interface First {
  columns: ResultColumn[];
  rows: Cell[][];
  rowCount: number;
  truncated: boolean;
  elapsedMs?: number | undefined;
  chart?: ChartHint | null | undefined;
}

export class Rows {
  readonly columns = signal<ResultColumn[]>([]);
  readonly loaded = signal<Cell[][]>([]);
  readonly total = signal(0);
  readonly truncated = signal(false);
  readonly chart = signal<ChartHint | null>(null);
  readonly elapsedMs = signal<number | null>(null);
  readonly problem = signal<string | null>(null);
  readonly loading = signal(false);
  /** False until the columns are known. */
  readonly ready = signal(false);
  /** `undefined`: no page was fetched yet. */
  private cursor: number | string | null | undefined = undefined;
  private fetching: Promise<void> | null = null;

  constructor(
    readonly resultId: string,
    first: First | null,
    private readonly fetchPage: typeof api.resultPage = api.resultPage,
  ) {
    if (first) this.seed(first);
  }

  seed(first: First): void {
    if (this.ready.peek()) return;
    this.columns.value = first.columns;
    this.loaded.value = first.rows;
    this.total.value = Math.max(first.rowCount, first.rows.length);
    this.truncated.value = first.truncated;
    this.chart.value = first.chart ?? null;
    this.elapsedMs.value = first.elapsedMs ?? null;
    this.ready.value = true;
  }

  get isComplete(): boolean {
    return this.ready.peek() && (this.cursor === null || this.loaded.peek().length >= this.total.peek());
  }

  /** Fetches the next page. Calls while one is on its way wait for that one. */
  more(): Promise<void> {
    if (this.isComplete) return Promise.resolve();
    this.fetching ??= this.fetchNext().finally(() => {
      this.fetching = null;
    });
    return this.fetching;
  }

  /** Until row `index` is here, or no more will come. */
  async upTo(index: number): Promise<void> {
    while (!this.isComplete && this.loaded.peek().length <= index && !this.problem.peek()) await this.more();
  }

  async all(): Promise<void> {
    await this.upTo(Number.POSITIVE_INFINITY);
  }

  retry(): Promise<void> {
    this.problem.value = null;
    return this.more();
  }

  private async fetchNext(): Promise<void> {
    this.loading.value = true;
    try {
      const page = await this.fetchPage(this.resultId, this.cursor ?? null, PAGE_ROWS);
      // The first page starts at the first row, so it replaces what the wire brought.
      const rows = this.cursor === undefined ? page.rows : [...this.loaded.peek(), ...page.rows];
      if (!this.ready.peek()) this.columns.value = page.columns;
      if (rows.length >= this.loaded.peek().length) this.loaded.value = rows;
      this.cursor = page.next_cursor ?? null;
      this.total.value = this.cursor === null ? rows.length : Math.max(page.row_count, rows.length);
      this.truncated.value = page.truncated;
      this.chart.value ??= page.chart ?? null;
      this.elapsedMs.value ??= page.elapsed_ms ?? null;
      this.ready.value = true;
      this.problem.value = null;
    } catch (error) {
      const refusal = error as api.ApiError;
      this.problem.value = refusal.status === 404 ? "These rows are no longer stored. Run the query again to see them." : refusal.message;
    } finally {
      this.loading.value = false;
    }
  }
}
