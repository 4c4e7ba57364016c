/** Elements, made by hand: text is always text, never markup. */

type Child = Node | string | number | false | null | undefined;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child === false || child === null || child === undefined) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

export function s(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** A block of HTML that the release's own tables were written in; it holds no scripts, and the page lets none run. */
export function fragment(html: string): HTMLElement {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const block = h("div", { class: "printed" });
  block.append(...parsed.body.childNodes);
  return block;
}

/** Put text where other programs find it; says whether that went well. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages that came over plain HTTP have no clipboard: the old way still works there.
    const field = h("textarea", { class: "unseen", "aria-hidden": "true" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

/** Hand a file over that was made here. */
export function save(name: string, content: string, type = "text/plain"): void {
  const address = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** What a person chose before, where the browser keeps anything. */
export const kept = {
  get: (key: string): string => {
    try {
      return localStorage.getItem(`buffycoat-site-${key}`) ?? "";
    } catch {
      return "";
    }
  },
  set: (key: string, value: string): void => {
    try {
      localStorage.setItem(`buffycoat-site-${key}`, value);
    } catch {
      // Then it is asked again the next time.
    }
  },
};
