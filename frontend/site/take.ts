/** The files that are made for a choice of cells: a table, a list of files with digests, a script that fetches them. */
import { cellAt, digestsOf, type Cells, type Place } from "./data";

const COLUMNS = ["cell_id", "label", "term", "standing", "split", "left", "top", "right", "bottom", "sharpness", "field_id", "smear", "stain", "diagnosis", "microscope", "camera"];

/** A cell of CSV that no spreadsheet takes for a formula. */
export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r']/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function tableOf(cells: Cells, places: Place[]): string {
  const lines = [COLUMNS.join(",")];
  for (const place of places) {
    const cell = cellAt(cells, place);
    const f = cell.facts;
    const row = [cell.id, f.class ?? "", cell.term ?? "", f.standing ?? "", f.split ?? "", ...cell.box, cell.sharp, cell.field[0]];
    lines.push([...row, f.smear ?? "", f.stain ?? "", f.diagnosis ?? "", f.microscope ?? "", f.camera ?? ""].map(csvCell).join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** Digest and path of every file of the chosen cells, as `sha256sum --check` reads them. */
export async function listOf(places: Place[]): Promise<string> {
  const chunks = [...new Set(places.map(({ chunk }) => chunk))];
  const sums = new Map(await Promise.all(chunks.map(async (chunk) => [chunk, await digestsOf(chunk)] as const)));
  const lines = places.flatMap(({ chunk, at }) => (sums.get(chunk)?.[at] ?? []).map(([path, digest]) => `${digest}  ${path}`));
  return lines.length ? `${lines.join("\n")}\n` : "";
}

/** Text as one word of the shell: whatever stands in it is only text. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Where the files of the release lie beside a page; empty for a page from a disk, which nobody else can ask. */
export const releaseBeside = (page: string): string => (/^https?:/.test(page) ? new URL("release", page).href : "");

/** A script for the shell that fetches the files of a list and checks each; the list lies in it, and so does the address. */
export function scriptOf(list: string, base: string): string {
  return `#!/bin/sh
# Fetches the files below into the folder where it runs, and checks each by its SHA-256. What is there is not fetched again.
# Usage: sh fetch.sh [ADDRESS OF THE RELEASE]
set -eu
base=${quoted(base)}
[ $# -eq 0 ] || base=$1
[ -n "$base" ] || { echo "say where the release is: sh fetch.sh https://…/release" >&2; exit 2; }
list=$(mktemp)
trap 'rm -f "$list"' EXIT
cat > "$list" <<'LIST'
${list}LIST
while read -r digest path; do
  [ -f "$path" ] && continue
  mkdir -p "$(dirname "$path")"
  curl --globoff --fail --silent --show-error --location --output "$path.part" "$base/$path"
  mv "$path.part" "$path"
done < "$list"
sha256sum --check --quiet "$list"
echo "all files are as they were sealed"
`;
}
