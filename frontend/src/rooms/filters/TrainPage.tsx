/** The page on which a filter is trained for one smear on one set-up: finds that, and gives it the whole window. */
import { useEffect } from "react";

import { curates } from "../../api/people";
import { useGet } from "../../api/resource";
import { Arrow } from "../../parts/Arrow";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { useSession } from "../people/session";
import { setupName } from "./api";
import { FilterRoom } from "./FilterRoom";

export function TrainPage({ smear, capture }: { smear: string; capture: string }) {
  const { filters } = useWords();
  const { session } = useSession();
  const leads = curates(session?.person);
  const { data, problem, retry } = useGet("/api/filters/setups", leads ? {} : null);
  const setup = data?.find((each) => each.smear_id === smear && each.capture.id === capture);
  const title = setup ? filters.trainOn(setup.smear) : filters.train;
  useEffect(() => {
    document.title = `${title} · buffycoat`;
  }, [title]);
  return (
    <main id="content" className="filter-room">
      <div className="label-head">
        <Link className="button back-link" href="/filters" aria-label={filters.backToList}>
          <Arrow to="back" />
        </Link>
        <h1 tabIndex={-1}>{title}</h1>
        {setup ? (
          <span className="quiet filter-where">
            <bdi>{setupName(setup)}</bdi>
          </span>
        ) : null}
      </div>
      {session && !leads ? (
        <Empty title={filters.notYours} hint={filters.notYoursHint} />
      ) : problem ? (
        <Failed problem={problem} onRetry={retry} />
      ) : !data ? (
        <Loading />
      ) : setup && setup.red_cell_px !== null ? (
        <FilterRoom setup={setup} />
      ) : (
        <Empty title={filters.noSetup} hint={filters.noScale} />
      )}
    </main>
  );
}
