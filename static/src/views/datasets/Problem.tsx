import type { JSX } from "preact";
import type { ApiError, Finding } from "../../core/api";
import { Icon } from "../shell/icons";

/** A refusal: what was not done, why, what to do about it. */
export function Problem({ what, problem, retry }: { what: string; problem: ApiError | null; retry?: (() => void) | undefined }): JSX.Element | null {
  if (!problem) return null;
  const findings = problem.details.findings ?? [];
  const advice = adviceOn(problem);
  return (
    <div class="problem" role="alert" data-testid="problem">
      <Icon name="alert" size={18} />
      <div>
        <p>
          <strong>{what}.</strong> {problem.message}
        </p>
        {advice && <p>{advice}</p>}
        {(findings.length > 1 || findings.some((f) => f.line)) && <Findings findings={findings} />}
        {problem.traceId && (
          <p class="problem-trace">
            <code>{problem.code}</code> · trace <code>{problem.traceId}</code>
          </p>
        )}
      </div>
      {retry && (
        <button type="button" class="button" onClick={retry}>
          <Icon name="retry" /> Try again
        </button>
      )}
    </div>
  );
}

export function Findings({ findings }: { findings: Finding[] }): JSX.Element {
  return (
    <ul class="finding-list">
      {findings.map((finding, index) => (
        <li key={index}>
          {finding.line ? (
            <span class="finding-place">
              Line {finding.line}
              {finding.column ? `, column ${finding.column}` : ""}:{" "}
            </span>
          ) : null}
          {finding.message}
          {finding.suggestion && !finding.message.includes(finding.suggestion) ? ` Did you mean ${finding.suggestion}?` : ""}
        </li>
      ))}
    </ul>
  );
}

/** The server's sentences say what to do; where there was no server, we do. */
function adviceOn(problem: ApiError): string | null {
  if (problem.code === "UNREACHABLE" || problem.code === "TIMEOUT") return "What you typed is kept. Check the connection, then try again.";
  if (problem.status === 429 || problem.status >= 500) return "What you typed is kept.";
  return null;
}
