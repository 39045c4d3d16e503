import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../../core/api";

export interface Fetched<T> {
  /** The newest that came; it stays while the next one is on its way, and when that fails. */
  value: T | null;
  problem: ApiError | null;
  reload: () => Promise<void>;
  /** Shown at once, where the server has told it already. */
  set: (value: T) => void;
}

/** Fetched when `dependencies` change; an answer that comes after a newer request is dropped. */
export function useFetched<T>(load: () => Promise<T>, dependencies: unknown[]): Fetched<T> {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const asked = useRef(0);
  const newest = useRef(load);
  newest.current = load;
  const reload = useCallback(async () => {
    const mine = ++asked.current;
    try {
      const found = await newest.current();
      if (mine !== asked.current) return;
      setValue(found);
      setProblem(null);
    } catch (error) {
      if (mine === asked.current) setProblem(asApiError(error));
    }
  }, []);
  useEffect(() => {
    void reload();
    return () => {
      asked.current++;
    };
  }, dependencies);
  return { value, problem, reload, set: setValue };
}

export interface Action {
  busy: boolean;
  problem: ApiError | null;
  /** Resolves to whether it succeeded; while one runs, another is not begun. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
  forget: () => void;
}

/** Something the reader does, with the refusal it may meet. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const running = useRef(false);
  return {
    busy,
    problem,
    forget: () => setProblem(null),
    async run(work) {
      if (running.current) return false;
      running.current = true;
      setBusy(true);
      setProblem(null);
      try {
        await work();
        return true;
      } catch (error) {
        setProblem(asApiError(error));
        return false;
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
  };
}

function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, "CLIENT", (error as Error).message);
}
