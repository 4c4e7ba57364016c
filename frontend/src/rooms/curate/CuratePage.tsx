/** Where curators go from: the pages that keep a collection in order, a row each. */
import { curates } from "../../api/people";
import { Empty, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { useSession } from "../people/session";
import { CountsHolder } from "./counts";
import { groupsFor, type Place } from "./places";

export function CuratePage() {
  const words = useWords();
  const { curate } = words;
  const { session } = useSession();
  const person = session?.person;
  return (
    <Page title={curate.title}>
      {session === undefined ? <Loading /> : null}
      {session && !curates(person) ? <Empty title={curate.notYours} hint={curate.notYoursHint} /> : null}
      {person && curates(person) ? <CountsHolder>{groupsFor(person.role).map((group) => (
            <section key={group.name(words)} className="curate-group">
              <h2>{group.name(words)}</h2>
              <ul className="curate-places">
                {group.places.map((place) => (
                  <Row key={place.href} place={place} />
                ))}
              </ul>
            </section>
          ))}</CountsHolder> : null}
    </Page>
  );
}

function Row({ place }: { place: Place }) {
  const words = useWords();
  const Count = place.count;
  return (
    <li className="curate-place">
      <div className="curate-name">
        <Link className="link" href={place.href}>
          {place.name(words)}
        </Link>
        {Count ? <Count /> : null}
      </div>
      <p className="quiet">{place.meaning(words)}</p>
    </li>
  );
}
