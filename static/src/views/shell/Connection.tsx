import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { OpenConversation } from "../../core/conversation";
import type { Connection } from "../../core/socket";

export function ConnectionLight({ connection }: { connection: Connection }): JSX.Element {
  const words = connection.is === "open" ? "Live" : connection.is === "connecting" ? "Connecting" : connection.is === "ended" ? "Closed" : "Not connected";
  return (
    <span class="light" data-testid="connection" data-state={connection.is} role="status">
      <span class="light-dot" aria-hidden="true" />
      <span class="light-words">{words}</span>
    </span>
  );
}

/** Says what is known and nothing more. A short blink of the line is not worth a banner. */
export function ConnectionBanner({ open }: { open: OpenConversation }): JSX.Element | null {
  const connection = open.connection.value;
  const troubled = connection.is !== "open";
  const [late, setLate] = useState(false);
  const [now, setNow] = useState(Date.now());

  useEffect(() => {
    if (!troubled) return setLate(false);
    const timer = setTimeout(() => setLate(true), 700);
    return () => clearTimeout(timer);
  }, [troubled]);
  useEffect(() => {
    if (connection.is !== "waiting") return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [connection]);

  if (!troubled || (!late && connection.is !== "ended" && connection.is !== "offline")) return null;
  const turns = open.state.value.turns;
  const waits = turns.some((t) => t.status === "unsent");
  const runs = turns.some((t) => t.status === "lost" || t.status === "running");
  const safe = waits ? "Your question is safe and will be sent." : runs ? "Your question is safe: the server has it." : "";

  let words: string;
  if (connection.is === "offline") words = `You are offline. ${safe} QueryForge reconnects when the network is back.`;
  else if (connection.is === "waiting") words = `Connection lost. ${safe} Reconnecting in ${Math.max(0, Math.ceil((connection.at - now) / 1000))} s…`;
  else if (connection.is === "ended") words = endedWords(connection.code);
  else words = `Connecting… ${safe}`;

  return (
    <div class="banner" data-state={connection.is} role={connection.is === "ended" ? "alert" : "status"}>
      {/* The countdown is for eyes: read aloud every second it would drown everything else. */}
      <span aria-hidden={connection.is === "waiting"}>{words}</span>
      {connection.is === "waiting" && <span class="sr-only">Connection lost. {safe} Reconnecting.</span>}
      {connection.is === "waiting" && (
        <button type="button" class="link-button" onClick={open.reconnectNow}>
          Reconnect now
        </button>
      )}
      {connection.is === "ended" && (
        <button type="button" class="link-button" onClick={() => location.reload()}>
          Reload
        </button>
      )}
    </div>
  );
}

function endedWords(code: number): string {
  if (code === 4401) return "Your session has ended. Please sign in again.";
  if (code === 4404) return "This conversation does not exist, or was deleted.";
  return "You may not read this conversation.";
}
