import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { OpenConversation } from "../../core/conversation";
import { ask, startNew } from "../../core/workspace";
import { Icon } from "../shell/icons";
import { Composer } from "./Composer";
import { Welcome } from "./Welcome";
import { TurnView } from "./TurnView";

/** Closer than this to the end counts as being there. */
const TAIL_PX = 60;

export function Chat({ open }: { open: OpenConversation | null }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const atTail = useRef(true);
  const [away, setAway] = useState(false);
  const turns = open?.state.value.turns ?? [];
  const history = open?.history.value;

  const toTail = (): void => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
    atTail.current = true;
    setAway(false);
  };
  const lastTop = useRef(0);
  const onScroll = (): void => {
    const box = scroller.current;
    // A scroll is heard a frame later: the conversation may be gone by then.
    if (!box) return;
    const wentUp = box.scrollTop < lastTop.current - 1;
    lastTop.current = box.scrollTop;
    // Content that grows before our own scroll is heard looks like distance; only going up is the reader's will.
    if (box.scrollHeight - box.scrollTop - box.clientHeight < TAIL_PX) atTail.current = true;
    else if (wentUp) atTail.current = false;
    setAway(!atTail.current);
  };
  // Tokens, tables and late fonts all change the height: follow the height, not the events.
  useEffect(() => {
    const box = scroller.current;
    const content = box?.firstElementChild;
    // Nothing asked yet: the page is read from its top, whatever comes to stand below.
    if (!open || !box || !content) return;
    const follow = new ResizeObserver(() => {
      if (atTail.current) box.scrollTop = box.scrollHeight;
    });
    follow.observe(content);
    follow.observe(box);
    return () => follow.disconnect();
  }, []);
  // What the reader asked is what the reader wants to see.
  const asked = turns.length;
  useLayoutEffect(() => {
    if (open) toTail();
  }, [asked]);

  const last = turns.at(-1);
  return (
    <>
      <div class="scroller" ref={scroller} onScroll={onScroll}>
        <div class="transcript" role="log" aria-label="Conversation" aria-live="off">
          {!open && <Welcome />}
          {history?.is === "loading" && turns.length === 0 && <TranscriptSkeleton />}
          {history?.is === "missing" && (
            <Notice title="This conversation is not here">
              <p>It was deleted, or the address is wrong.</p>
              <button type="button" class="button" onClick={startNew}>
                Start a new one
              </button>
            </Notice>
          )}
          {history?.is === "failed" && turns.length === 0 && (
            <Notice title="The conversation could not be loaded">
              <p>{history.message}</p>
              <button type="button" class="button" onClick={() => void open?.reload()}>
                <Icon name="retry" /> Try again
              </button>
            </Notice>
          )}
          {open && turns.map((turn, index) => <TurnView key={turn.id} turn={turn} number={index + 1} isLast={turn === last} open={open} ask={ask} />)}
        </div>
      </div>
      <div class="dock">
        {away && turns.length > 0 && (
          <button type="button" class="to-tail" onClick={toTail}>
            Latest <Icon name="sortDesc" size={14} />
          </button>
        )}
        <div class="dock-fit">
          <Composer open={open} />
        </div>
      </div>
    </>
  );
}

function Notice({ title, children }: { title: string; children: preact.ComponentChildren }): JSX.Element {
  return (
    <section class="notice" role="alert">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function TranscriptSkeleton(): JSX.Element {
  return (
    <div class="skeleton" role="status" aria-label="Loading the conversation">
      <i style="width:46%" />
      <i style="width:88%" />
      <i style="width:72%" />
    </div>
  );
}
