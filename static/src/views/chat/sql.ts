/** Just enough of SQL (and q) to colour it. It never fails: what it does not know is plain. */

export type TokenKind = "keyword" | "string" | "number" | "comment" | "quoted" | "punctuation" | "plain";

export interface Token {
  kind: TokenKind;
  from: number;
  to: number;
}

const KEYWORDS = new Set(
  `all and any array as asc at between both by case cast cross cube current_date current_timestamp date_trunc
   day default desc distinct else end escape except exists extract false fetch filter first following for from full
   group grouping having hour ilike in inner intersect interval is isnull join last lateral leading left like limit
   minute month natural next not notnull null nulls offset on only or order outer over overlaps partition preceding
   qualify range recursive right rollup row rows second select semi sets similar some symmetric table tablesample then
   ties to trailing true unbounded union unique unnest using values when where window with within without year zone
   avg coalesce count max min round sum row_number rank dense_rank lag lead nullif exec fby xbar wavg wsum aj`.split(/\s+/),
);

const TOKEN =
  /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|('(?:[^']|'')*(?:'|$)|\$\$[\s\S]*?(?:\$\$|$))|("(?:[^"]|"")*(?:"|$)|`[^`\s]*`?)|(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(\s+)|([^\w\s'"`])/gy;

/** Tokens of `text` from `start` on; `start` must be where a token begins. */
export function tokens(text: string, start = 0): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = start;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const from = match.index;
    const to = TOKEN.lastIndex;
    const kind: TokenKind = match[1]
      ? "comment"
      : match[2]
        ? "string"
        : match[3]
          ? "quoted"
          : match[4]
            ? "number"
            : match[5]
              ? KEYWORDS.has(match[5].toLowerCase())
                ? "keyword"
                : "plain"
              : match[7]
                ? "punctuation"
                : "plain";
    const before = found.at(-1);
    if (before && before.kind === kind && (kind === "plain" || kind === "punctuation") && !match[5]) before.to = to;
    else found.push({ kind, from, to });
    if (to === text.length) break;
  }
  const end = found.at(-1)?.to ?? start;
  if (end < text.length) found.push({ kind: "plain", from: end, to: text.length });
  return found;
}
