/** Color filters: smears to train one on, and those that have a name, with what they are used for. */
import { useState } from "react";
import { Button } from "react-aria-components";

import { curates } from "../../api/people";
import { useGet } from "../../api/resource";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { useSession } from "../people/session";
import { fileUrl, type FilterSetup, type SavedFilter, setupName, trainAddress } from "./api";
import { UseFilter } from "./UseFilter";

export function FiltersPage() {
  const words = useWords();
  const { filters } = words;
  const { session } = useSession();
  const leads = curates(session?.person);
  const setups = useGet("/api/filters/setups", leads ? {} : null);
  const saved = useGet("/api/filters", leads ? {} : null);
  const problem = setups.problem ?? saved.problem;
  const again = () => {
    setups.retry();
    saved.retry();
  };
  return (
    <Page title={filters.title} trail={[[words.curate.title, "/curate"]]}>
      {session === undefined ? <Loading /> : null}
      {session && !leads ? <Empty title={filters.notYours} hint={filters.notYoursHint} /> : null}
      {problem ? <Failed problem={problem} onRetry={again} /> : null}
      {leads && !problem && !(setups.data && saved.data) ? <Loading /> : null}
      {setups.data && saved.data && !problem ? (
        <>
          <p className="filter-about">{filters.about}</p>
          <section className="filter-list" aria-label={filters.saved}>
            <h2>{filters.saved}</h2>
            {saved.data.length === 0 ? <p className="quiet">{filters.noneSaved}</p> : null}
            {saved.data.map((each) => (
              <Card key={each.id} filter={each} setups={setups.data ?? []} onChosen={again} />
            ))}
          </section>
          <section className="filter-list" aria-label={filters.smears}>
            <h2>{filters.smears}</h2>
            {setups.data.length === 0 ? <Empty title={filters.noSmears} hint={filters.noSmearsHint} /> : null}
            <div className="filter-setups">
              {setups.data.map((each) => (
                <Setup key={`${each.smear_id} ${each.capture.id}`} setup={each} onChosen={again} />
              ))}
            </div>
          </section>
        </>
      ) : null}
    </Page>
  );
}

function Card({ filter, setups, onChosen }: { filter: SavedFilter; setups: readonly FilterSetup[]; onChosen: () => void }) {
  const words = useWords();
  const { filters } = words;
  const [open, setOpen] = useState(false);
  const mine = ({ smear_id, capture }: FilterSetup) => smear_id === filter.smear_id && capture.id === filter.capture_id;
  return (
    <article className="card filter-card" data-filter={filter.name}>
      <div className="round-head">
        <h3>
          <bdi>{filter.name}</bdi>
        </h3>
        <span className="quiet">{filters.savedBy(filter.by ?? filters.commandLine, words.date(filter.saved_at))}</span>
      </div>
      <p>
        {filters.trainedOn(filter.filter.boxes, filter.filter.images)} {filter.used_for.length > 0 ? filters.usedFor(filter.used_for.join(words.locale === "fa" ? "، " : ", ")) : filters.unused}
      </p>
      <p className="page-actions">
        {open ? null : (
          <Button className="button" onPress={() => setOpen(true)}>
            {filters.use}
          </Button>
        )}
        <a className="button" href={fileUrl(filter.id)} download={`${filter.name}.json`}>
          {filters.download}
        </a>
        <code className="quiet filter-digest" dir="ltr">
          {filter.digest.slice(0, 12)}
        </code>
      </p>
      {open ? <UseFilter filter={filter} setups={[...setups.filter(mine), ...setups.filter((each) => !mine(each))]} onChosen={onChosen} /> : null}
    </article>
  );
}

function Setup({ setup, onChosen }: { setup: FilterSetup; onChosen: () => void }) {
  const { filters } = useWords();
  const [back, setBack] = useState(false);
  return (
    <article className="card filter-setup" data-smear={setup.smear}>
      <h3>
        <bdi>{setup.smear}</bdi>
      </h3>
      <p className="quiet">
        <bdi>{setupName(setup)}</bdi>
      </p>
      <p>{filters.photographsOf(setup.fields)}</p>
      <p>{setup.in_use === null ? filters.usesDefault : filters.uses(setup.in_use)}</p>
      <div className="page-actions">
        {setup.red_cell_px === null ? (
          <p className="quiet">{filters.noScale}</p>
        ) : (
          <Link className="button" href={trainAddress(setup)}>
            {filters.train}
          </Link>
        )}
        {setup.in_use === null || back ? null : (
          <Button className="button" onPress={() => setBack(true)}>
            {filters.backToDefault}
          </Button>
        )}
      </div>
      {back ? <UseFilter filter={null} setups={[setup]} onChosen={onChosen} /> : null}
    </article>
  );
}
