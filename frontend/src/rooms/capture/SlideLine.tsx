/** The slide on the stage: its code, how many white cells were seen on it so far, and the way to another one. */
import { useEffect } from "react";
import { Button } from "react-aria-components";

import { useJson } from "../../api/resource";
import type { SmearChoice } from "../../offline/photographs/photograph";
import { Latin } from "../../parts/Facts";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { type Progress, progressUrl, type Smear, smearsUrl } from "./api";

/** How far a smear is, asked again with each photograph that arrives. */
export function useProgress({ id, code, site }: SmearChoice, arrived: number): Progress | undefined {
  const found = useJson<Smear[]>(id || arrived === 0 ? null : `${smearsUrl}?code=${encodeURIComponent(code)}${site ? `&site=${encodeURIComponent(site)}` : ""}`);
  const known = id ?? found.data?.[0]?.id;
  const { data, retry } = useJson<Progress>(known ? progressUrl(known) : null);
  useEffect(() => {
    if (arrived > 0) retry();
  }, [arrived, retry]);
  return data;
}

export interface SlideLineProps {
  smear: SmearChoice;
  arrived: number;
  onAnother: () => void;
}

export function SlideLine({ smear, arrived, onAnother }: SlideLineProps) {
  const { capture } = useWords();
  const progress = useProgress(smear, arrived);
  return (
    <section className="card slide-line" aria-label={capture.slide}>
      <div>
        <h2>
          {capture.slide} <Latin>{smear.code}</Latin>
        </h2>
        <p className="quiet" role="status">
          {progress ? capture.sofar(progress.white_cells, progress.photographs.length) : smear.id ? "" : capture.isNew}
        </p>
      </div>
      <span className="page-actions">
        {progress ? (
          <Link className="button" href={`/smears/${encodeURIComponent(progress.smear.id)}`}>
            {capture.open}
          </Link>
        ) : null}
        <Button className="button" onPress={onAnother}>
          {capture.another}
        </Button>
      </span>
    </section>
  );
}
