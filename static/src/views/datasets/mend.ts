import * as knowledge from "../../core/knowledge";
import type { Broken } from "../../core/knowledge";

/** `table.column`, or a table alone. */
export interface Place {
  table: string;
  column?: string;
}

/** Takes the rewrite that was proposed for something broken. */
export async function mend(id: string, broken: Broken): Promise<void> {
  const { proposal } = broken;
  if (!proposal) throw new Error("There is no rewrite that is certain.");
  if (broken.kind === "example") {
    const example = await knowledge.example(id, broken.id);
    await knowledge.changeExample(id, broken.id, { ...knowledge.draftOf(example), query: proposal });
  } else if (broken.kind === "annotation") {
    const old = (await knowledge.annotations(id)).find((one) => one.annotation_id === broken.id);
    if (!old) return;
    const place: Place = old.column === undefined ? { table: proposal } : placeOf(proposal);
    await knowledge.annotate(id, { ...place, description: old.description, synonyms: old.synonyms, meanings: old.meanings });
    await knowledge.unannotate(id, old.annotation_id);
  } else if (broken.kind === "relationship") {
    const old = (await knowledge.relationships(id)).find((one) => one.relationship_id === broken.id);
    if (!old) return;
    const sides = proposal.split(" = ").map((side) => side.split(", ").map(placeOf));
    const [from, to] = sides;
    if (sides.length !== 2 || from?.length !== old.from_columns.length || to?.length !== old.to_columns.length) throw new Error("These names cannot be told apart. Declare the join anew on the schema's page.");
    await knowledge.relate(id, { from_table: from[0]!.table, from_columns: from.map((p) => p.column ?? ""), to_table: to[0]!.table, to_columns: to.map((p) => p.column ?? ""), kind: old.kind, note: old.note ?? "" });
    await knowledge.unrelate(id, old.relationship_id);
  }
}

export function placeOf(text: string): Place {
  const dot = text.lastIndexOf(".");
  return dot < 0 ? { table: text } : { table: text.slice(0, dot), column: text.slice(dot + 1) };
}
