/** Where we are, as the address bar says it, and how to go elsewhere without loading the page anew. */
import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from "react";

const MOVED = "buffycoat:moved";

function subscribe(changed: () => void): () => void {
  window.addEventListener("popstate", changed);
  window.addEventListener(MOVED, changed);
  return () => {
    window.removeEventListener("popstate", changed);
    window.removeEventListener(MOVED, changed);
  };
}

/** Path and query of the address bar. */
export function useAddress(): { path: string; query: URLSearchParams } {
  const text = useSyncExternalStore(subscribe, () => window.location.pathname + window.location.search);
  const [path = "/", search = ""] = text.split("?", 2);
  return { path, query: new URLSearchParams(search) };
}

export function go(to: string, { replace = false }: { replace?: boolean } = {}): void {
  const same = window.location.pathname === new URL(to, window.location.href).pathname;
  if (replace) window.history.replaceState(null, "", to);
  else window.history.pushState(null, "", to);
  window.dispatchEvent(new Event(MOVED));
  if (!same) window.scrollTo(0, 0);
}

/** Change some parts of the query and keep the others; `null` takes a part away. */
export function goQuery(changes: Record<string, string | null>, { replace = true }: { replace?: boolean } = {}): void {
  const query = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  go(window.location.pathname + (text ? `?${text}` : ""), { replace });
}

/** Take over a plain click on a link; leave the others (new tab, new window, download) to the browser. */
export function follow(event: MouseEvent<HTMLAnchorElement>): void {
  const { currentTarget: link } = event;
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!plain || event.defaultPrevented || link.target === "_blank") return;
  event.preventDefault();
  go(link.pathname + link.search);
}

export function Link({ onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  return (
    <a
      {...rest}
      onClick={(event) => {
        onClick?.(event);
        follow(event);
      }}
    />
  );
}
