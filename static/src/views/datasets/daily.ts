import type { Stats } from "../../core/knowledge";

export const DAY_S = 86_400;

/** Every day of the period, those without a question as nothing asked. */
export function daily(trend: Stats["trend"]): [number[], number[], number[], (number | null)[]] {
  const of = new Map(trend.map((day) => [Date.parse(`${day.day}T00:00:00Z`) / 1000, day]));
  const last = Math.max(...of.keys());
  const first = Math.min(last - 29 * DAY_S, ...of.keys());
  const days: number[] = [];
  for (let at = first; at <= last; at += DAY_S) days.push(at);
  return [days, days.map((at) => of.get(at)?.questions ?? 0), days.map((at) => of.get(at)?.good ?? 0), days.map((at) => of.get(at)?.average_confidence ?? null)];
}
