import type { ComponentChildren, JSX } from "preact";
import { addressOf, type Page } from "../../core/page";
import { openPage } from "../../core/workspace";
import { plainClick } from "../shell/clicks";

interface Props {
  to: Page;
  class?: string;
  current?: boolean;
  testid?: string;
  label?: string;
  children: ComponentChildren;
}

/** A link of its own address, so that it opens in a new tab as well. */
export function PageLink({ to, class: name, current, testid, label, children }: Props): JSX.Element {
  return (
    <a href={addressOf(to)} class={name} aria-current={current ? "page" : undefined} aria-label={label} data-testid={testid} onClick={(event) => plainClick(event, () => openPage(to))}>
      {children}
    </a>
  );
}
