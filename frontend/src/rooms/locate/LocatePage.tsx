/** Locate on one photograph: what it needs, its neighbors, and the way back. */
import { useEffect, useRef, useState } from "react";

import { fieldPicture } from "../../api/client";
import { useGet, useJson } from "../../api/resource";
import { PREVIEW } from "../../canvas/Photo";
import { useKeys } from "../../keys/useKeys";
import { Arrow } from "../../parts/Arrow";
import { Failed, Loading } from "../../parts/Notice";
import { go, Link, useAddress } from "../../route/router";
import { useWords } from "../../words/words";
import { useNeighbors } from "../fields/neighbors";
import { usePerson } from "../people/session";
import type { Misplaced } from "./boxes";
import { LocateRoom } from "./LocateRoom";

const addressOf = (id: string): string => `/fields/${id}/locate`;

export function LocatePage({ id }: { id: string }) {
  const words = useWords();
  const { locate } = words;
  const { query } = useAddress();
  const person = usePerson() ?? null;
  const { data: view, problem, retry } = useGet("/api/fields/{field_id}", { field_id: id });
  const { data: taxonomy, problem: noTaxonomy, retry: retryTaxonomy } = useGet("/api/taxonomy");
  const reads = person !== null && person.role !== "viewer";
  const misplaced = useJson<Misplaced[]>(reads ? "/api/locate" : null);
  // While the next photograph loads, the smear of the last one still tells its neighbors.
  const [smear, setSmear] = useState<string>();
  useEffect(() => {
    if (view) setSmear(view.field.smear_id);
  }, [view]);
  const { position, total, previous, next, pictured } = useNeighbors(smear, id);
  const ahead = pictured.join(" ");
  useEffect(() => {
    for (const neighbor of ahead ? ahead.split(" ") : []) new Image().src = fieldPicture(neighbor, PREVIEW);
  }, [ahead]);
  const title = locate.of(position === undefined || total === undefined ? words.field.bare : words.field.title(position + 1, total));
  useEffect(() => {
    document.title = `${title} · buffycoat`;
  }, [title]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [id]);
  const failed = problem ?? noTaxonomy;
  const visit = (neighbor: string | undefined) => () => {
    if (neighbor) go(addressOf(neighbor));
  };
  // Between two photographs there is nobody else to hear these.
  const between = view?.field.id !== id || taxonomy === undefined;
  useKeys(between ? { KeyF: visit(next), KeyD: visit(previous) } : {});
  return (
    <main id="content" className="locate-room">
      <div className="label-head">
        <Link className="button back-link" href={`/fields/${id}`} aria-label={locate.backToField}>
          <Arrow to="back" />
        </Link>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <span className="locate-way">
          {misplaced.data && misplaced.data.length > 0 ? (
            <Link className="link" href="/locate">
              {locate.toLocate(misplaced.data.length)}
            </Link>
          ) : null}
          <Way to={previous} name={locate.previous} letter="D" />
          <Way to={next} name={locate.next} letter="F" />
        </span>
      </div>
      {failed ? (
        <Failed problem={failed} onRetry={problem ? retry : retryTaxonomy} />
      ) : view && taxonomy && view.field.id === id ? (
        <LocateRoom
          key={`${id} ${person?.id ?? ""}`}
          view={view}
          taxonomy={taxonomy}
          person={person}
          cell={query.get("cell") ?? undefined}
          onNext={visit(next)}
          onPrevious={visit(previous)}
        />
      ) : (
        <Loading />
      )}
    </main>
  );
}

function Way({ to, name, letter }: { to: string | undefined; name: string; letter: "F" | "D" }) {
  const sign = <Arrow to={letter === "D" ? "back" : "forward"} />;
  return to ? (
    <Link className="button" href={addressOf(to)} aria-label={name} title={`${name} (${letter})`} aria-keyshortcuts={letter.toLowerCase()}>
      {sign}
    </Link>
  ) : (
    <span className="button disabled" role="img" aria-label={name}>
      {sign}
    </span>
  );
}
