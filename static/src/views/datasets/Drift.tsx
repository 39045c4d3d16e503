import type { JSX } from "preact";
import { useState } from "preact/hooks";
import * as knowledge from "../../core/knowledge";
import type { Broken, Change, Report } from "../../core/knowledge";
import { datasetChanged } from "../../core/workspace";
import { StreamedCode } from "../chat/StreamedCode";
import { count } from "../chat/words";
import { Icon } from "../shell/icons";
import { useAction, useFetched } from "./fetched";
import { mend } from "./mend";
import { PageLink } from "./PageLink";
import { Findings, Problem } from "./Problem";

const SHOWN_CHANGES = 40;
const KINDS: Record<Broken["kind"], string> = { example: "Example", directive: "Glossary", annotation: "Description", relationship: "Join" };

/** What the newest change of the schema broke, with what mends it. */
export function Drift({ id, report }: { id: string; report: Report }): JSX.Element {
  const [all, setAll] = useState(false);
  // The report is of the day of the change; what was mended since is known from the things themselves.
  const open = useFetched(() => brokenNow(id), [id, report]);
  const accepting = useAction();
  const left = report.broken.filter((one) => !open.value || open.value.has(one.id));
  const certain = left.filter((one) => one.proposal && one.kind !== "directive");
  const changes = all ? report.changes : report.changes.slice(0, SHOWN_CHANGES);

  const accept = (some: Broken[]): void => {
    void accepting.run(async () => {
      try {
        for (const one of some) await mend(id, one);
      } finally {
        await Promise.all([open.reload(), datasetChanged(id)]);
      }
    });
  };

  return (
    <section class="card" aria-labelledby="drift-title" data-testid="drift">
      <div class="card-head">
        <h3 id="drift-title">
          The last change: version {report.previous_version} to {report.version}
        </h3>
        {certain.length > 1 && (
          <button type="button" class="button" data-testid="accept-all" disabled={accepting.busy} onClick={() => accept(certain)}>
            Accept {count(certain.length, "rewrite")}
          </button>
        )}
      </div>
      <ul class="changes" aria-label="What changed">
        {changes.map((change, index) => (
          <li key={index} data-what={change.what}>
            {spoken(change)}
          </li>
        ))}
        {report.changes.length > changes.length && (
          <li>
            <button type="button" class="link-button" onClick={() => setAll(true)}>
              {report.changes.length - changes.length} more
            </button>
          </li>
        )}
      </ul>
      {report.broken.length === 0 && (
        <p class="rights">
          <Icon name="check" /> Nothing broke: {count(report.checked, "thing")} that {report.checked === 1 ? "was" : "were"} known still {report.checked === 1 ? "fits" : "fit"}.
        </p>
      )}
      {report.broken.length > 0 && (
        <p>
          {report.broken.length} of {report.checked} did not fit any more
          {left.length < report.broken.length && `; ${report.broken.length - left.length} mended since`}. What is broken is kept, and takes no part in answering until it is mended.
        </p>
      )}
      <Problem what="Not all of it was mended" problem={accepting.problem} />
      <ul class="broken-list">
        {left.map((one) => (
          <li key={one.id} class="broken" data-testid="broken">
            <div class="broken-head">
              <span class="tag">{KINDS[one.kind]}</span>
              <strong>{one.title}</strong>
            </div>
            <Findings findings={one.findings} />
            {one.proposal && (
              <div class="proposal">
                <p class="panel-note">{one.kind === "example" ? "Proven to read what the old query read, under the new names. With it the example is staged again, to be run and verified:" : "Under its new name:"}</p>
                <StreamedCode text={one.proposal} open={false} />
              </div>
            )}
            <div class="form-row">
              {one.proposal && one.kind !== "directive" && (
                <button type="button" class="button is-primary" data-testid="accept-rewrite" disabled={accepting.busy} onClick={() => accept([one])}>
                  Accept the rewrite
                </button>
              )}
              <Elsewhere id={id} one={one} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Elsewhere({ id, one }: { id: string; one: Broken }): JSX.Element {
  if (one.kind === "example") {
    return (
      <PageLink class="quiet" to={{ is: "dataset", id, tab: "examples", example: one.id }}>
        Open the example
      </PageLink>
    );
  }
  return (
    <PageLink class="quiet" to={{ is: "dataset", id, tab: one.kind === "directive" ? "glossary" : "schema" }}>
      {one.kind === "directive" ? "Open the glossary" : "Open the schema"}
    </PageLink>
  );
}

async function brokenNow(id: string): Promise<Set<string>> {
  const [examples, annotations, relationships, directives] = await Promise.all([knowledge.examples(id, { broken: true, limit: 500 }), knowledge.annotations(id), knowledge.relationships(id), knowledge.directives(id)]);
  return new Set([
    ...examples.items.map((one) => one.example_id),
    ...annotations.filter((one) => one.broken).map((one) => one.annotation_id),
    ...relationships.filter((one) => one.broken).map((one) => one.relationship_id),
    ...directives.filter((one) => one.broken).map((one) => one.directive_id),
  ]);
}

function spoken({ what, table, column, now }: Change): string {
  const place = column ? `${table}.${column}` : table;
  switch (what) {
    case "table_added":
    case "column_added":
      return `+ ${place}`;
    case "table_removed":
    case "column_removed":
      return `− ${place}`;
    case "table_renamed":
    case "column_renamed":
      return `${place} → ${now}`;
    case "type_changed":
      return `${place}: ${now}`;
  }
}
