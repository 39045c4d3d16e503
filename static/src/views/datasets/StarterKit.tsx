import type { JSX } from "preact";
import { starterKit } from "../../core/api";
import * as knowledge from "../../core/knowledge";
import { askAnew, datasets, openPage } from "../../core/workspace";
import { Icon } from "../shell/icons";
import { useAction, useFetched } from "./fetched";
import { PageLink } from "./PageLink";
import { Problem } from "./Problem";

/** With few verified examples: core questions to ask, look at, and verify. */
export function StarterKit({ id, most = 8 }: { id: string; most?: number }): JSX.Element | null {
  const kit = useFetched(() => starterKit(id), [id]);
  const staging = useAction();
  const found = kit.value;
  if (!found?.shown) return null;
  const live = datasets.value?.find((d) => d.dataset_id === id)?.live !== false;
  const stage = (question: string, query: string): void => {
    void staging.run(async () => {
      const made = await knowledge.addExample(id, { question, query, variants: [], tags: {}, note: "" });
      openPage({ is: "dataset", id, tab: "examples", example: made.example_id });
    });
  };
  return (
    <section class="card is-accent" aria-labelledby="starter-title" data-testid="starter-kit">
      <div class="card-head">
        <h3 id="starter-title">Begin with a few questions that you know the answer to</h3>
        <span class="panel-note">
          {found.verified} of {found.wanted} verified
        </span>
      </div>
      <p>
        A verified example answers its question at once, and guides those like it.{" "}
        {live ? "Ask one of these, look at the query and its rows, and verify what is right." : "There is no database to run one on, so none can be verified yet; ask one of these to see its query."} Or{" "}
        <PageLink to={{ is: "dataset", id, tab: "examples" }}>write your own</PageLink>.
      </p>
      <Problem what="The example was not staged" problem={staging.problem} />
      <ul class="kit">
        {found.proposals.slice(0, most).map(({ question, query }) => (
          <li key={question}>
            <button type="button" class="kit-question" data-testid="starter-question" onClick={() => askAnew(id, question)}>
              <Icon name="send" size={14} /> {question}
            </button>
            {query && (
              <button type="button" class="quiet" data-testid="starter-stage" aria-label={`Stage it: ${question}`} disabled={staging.busy} onClick={() => stage(question, query)}>
                Stage it
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
