/** How long anything may take to come about: no test is about this length, and a busy machine is slow. */
export const PATIENCE_MS = 20_000;

/** No wait without an end: the promise, or an error that says what did not happen. */
export async function deadline(what, promise, ms = PATIENCE_MS) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms in vain until ${typeof what === "function" ? what() : what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
