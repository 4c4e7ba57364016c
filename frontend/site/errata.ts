/** A wrong label, reported by a mail of one's own or by a file: nothing is sent from here. */
import type { Cell } from "./data";
import { h, save } from "./dom";
import type { Site } from "./main";
import { className } from "./parts";

export interface Erratum {
  kind: "buffycoat erratum";
  format: 1;
  release: string;
  manifest: string;
  cell_id: string;
  label: string | null;
  term: string | null;
  proposed: string;
  why: string;
  name: string;
}

/** Answers that are no class. */
export const OTHER = ["not-a-leukocyte", "look-again"] as const;

export function erratum(site: Site, cell: Cell, proposed: string, why: string, name: string): Erratum {
  return {
    kind: "buffycoat erratum",
    format: 1,
    release: site.about.version,
    manifest: site.about.manifest,
    cell_id: cell.id,
    label: cell.facts.class || null,
    term: cell.term,
    proposed,
    why: why.trim(),
    name: name.trim(),
  };
}

export function mailAddress(to: string, subject: string, body: string): string {
  return `mailto:${encodeURIComponent(to).replaceAll("%40", "@")}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
}

/** Mail programs and what hands addresses to them cut off, or refuse, what is much longer. */
const LONGEST = 1800;

export function errataForm(site: Site, cell: Cell): HTMLElement {
  const { words, about } = site;
  const say = words.errata;
  const choice = h("select", { id: "should", required: true }, h("option", { value: "" }, say.choose));
  for (const { key } of about.classes) {
    if (key !== cell.facts.class) choice.append(h("option", { value: key }, className(site, key)));
  }
  choice.append(h("option", { value: OTHER[0] }, say.notCell), h("option", { value: OTHER[1] }, say.notSure));
  const why = h("textarea", { id: "why", rows: 3, dir: "auto" });
  const name = h("input", { id: "who", autocomplete: "name", dir: "auto" });
  const status = h("p", { role: "status", class: "said" });
  const told = () => `${JSON.stringify(erratum(site, cell, choice.value, why.value, name.value), null, 1)}\n`;
  const whole = () => choice.reportValidity();
  const toFile = () => {
    if (!whole()) return;
    save(`erratum-${about.version}-${cell.id}.json`, told(), "application/json");
    status.textContent = say.saved;
  };
  const toMail = () => {
    if (!whole()) return;
    const address = mailAddress(about.mail, say.subject(about.version, cell.id), told());
    if (address.length > LONGEST) status.textContent = say.tooLong;
    else {
      status.textContent = "";
      location.href = address;
    }
  };
  const field = (id: string, label: string, control: HTMLElement) => h("div", { class: "entry" }, h("label", { for: id }, label), control);
  return h(
    "details",
    { class: "card errata" },
    h("summary", {}, words.cell.report),
    h("p", { class: "quiet" }, say.lead),
    h("p", {}, `${say.now}: `, h("strong", {}, className(site, cell.facts.class ?? ""))),
    field("should", say.should, choice),
    field("why", say.why, why),
    field("who", say.name, name),
    h(
      "p",
      { class: "actions" },
      about.mail !== "" && h("button", { type: "button", class: "strong", onclick: toMail }, say.mail),
      h("button", { type: "button", onclick: toFile }, say.save),
    ),
    about.mail === "" && h("p", { class: "quiet" }, say.noMail),
    status,
  );
}
