/** Reports of wrong labels, from readers of a release: taken in, answered, and their cells read again. */
import { useState } from "react";
import { Button, FileTrigger } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { curates } from "../../api/people";
import { useGet, useJson } from "../../api/resource";
import { Latin } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { useSession } from "../people/session";
import { Choice } from "../people/Choice";
import { ReadAgain } from "./ReadAgain";
import { Report } from "./Report";
import { errataUrl, type ErratumView, fileOf, type Receipt, told, waiting } from "./reports";

const STATES = ["all", "new", "accepted", "declined"] as const;

export function ErrataPage() {
  const words = useWords();
  const { errata } = words;
  const { session } = useSession();
  const leads = curates(session?.person);
  return (
    <Page title={errata.title} trail={[[words.curate.title, "/curate"]]}>
      {session === undefined ? <Loading /> : null}
      {session && !leads ? <Empty title={words.curate.notYours} hint={words.curate.notYoursHint} /> : null}
      {leads ? <Reports /> : null}
    </Page>
  );
}

function Reports() {
  const words = useWords();
  const { errata } = words;
  const { data: taxonomy } = useGet("/api/taxonomy");
  const { data, problem, retry } = useJson<ErratumView[]>(errataUrl);
  const [state, setState] = useState<string>("all");
  const [receipts, setReceipts] = useState<Receipt[]>();
  const [trouble, setTrouble] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const takeIn = async (files: FileList | null) => {
    if (files === null || files.length === 0) return;
    setBusy(true);
    setTrouble(undefined);
    setReceipts(undefined);
    try {
      setReceipts(await sendJson<Receipt[]>("POST", errataUrl, await Promise.all([...files].map(fileOf))));
      retry();
    } catch (reason) {
      setTrouble(problemOf(reason));
    }
    setBusy(false);
  };
  const shown = (data ?? []).filter((view) => state === "all" || view.state === state);
  return (
    <>
      <p className="quiet errata-meaning">{errata.meaning}</p>
      <div className="row-form errata-tools">
        <FileTrigger allowsMultiple acceptedFileTypes={[".json", ".eml", ".txt", "application/json"]} onSelect={(files) => void takeIn(files)}>
          <Button className="button strong" isDisabled={busy}>
            {busy ? errata.takingIn : errata.takeIn}
          </Button>
        </FileTrigger>
        {data && data.length > 0 ? (
          <Choice label={errata.show} value={state} options={STATES.map((id) => ({ id, name: errata.states[id] ?? id }))} onChange={setState} />
        ) : null}
      </div>
      {trouble ? <Trouble problem={trouble} /> : null}
      {receipts ? <Receipts receipts={receipts} /> : null}
      {data && waiting(data).length > 0 ? <ReadAgain views={waiting(data)} onOpened={retry} /> : null}
      {problem ? <Failed problem={problem} onRetry={retry} /> : null}
      {!data && !problem ? <Loading /> : null}
      {data && data.length === 0 ? <Empty title={errata.none} hint={errata.noneHint} /> : null}
      {data && data.length > 0 && shown.length === 0 ? <Empty title={errata.noneSuch} hint={errata.noneSuchHint} /> : null}
      <ul className="errata-list">
        {shown.map((view) => (
          <Report key={view.erratum.id} view={view} taxonomy={taxonomy} onAnswered={retry} />
        ))}
      </ul>
    </>
  );
}

function Receipts({ receipts }: { receipts: readonly Receipt[] }) {
  const { errata } = useWords();
  const { kept, known, refused } = told(receipts);
  return (
    <div className="notice errata-receipts" role="status">
      <p>{errata.received(kept, known, refused.length)}</p>
      {refused.length > 0 ? (
        <ul>
          {refused.map((each) => (
            <li key={`${each.file} ${each.place}`}>
              <bdi>{each.file}</bdi>
              {each.place > 0 ? ` (${errata.report(each.place)})` : ""}: <Latin>{each.detail}</Latin>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
