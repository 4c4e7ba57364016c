/** All photographs by smear with their facts: gaps found, rows chosen, one fact changed for all of them. */
import { useRef, useState } from "react";
import { Button, Input, Label, SearchField } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { curates } from "../../api/people";
import { useJson } from "../../api/resource";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Trouble } from "../../parts/Told";
import { goQuery, useAddress } from "../../route/router";
import { useWords } from "../../words/words";
import { Choice } from "../people/Choice";
import { useSession } from "../people/session";
import { FactForm } from "./FactForm";
import { FactTable } from "./FactTable";
import { History } from "./History";
import { factName, spelled } from "./spelled";
import { type ChangeUndone, chosenAfter, type Fact, FACTS, gapsOf, hasGap, isFound, type MetadataTable, orderOf, type Row, rowsOf, sorted } from "./table";
import { TableFile } from "./TableFile";

const ALL = "all";

export function MetadataPage() {
  const words = useWords();
  const { metadata, curate } = words;
  const { session } = useSession();
  const allowed = curates(session?.person);
  const { data, problem, retry } = useJson<MetadataTable>(allowed ? "/api/metadata" : null);
  return (
    <Page title={metadata.title} trail={[[curate.title, "/curate"]]}>
      {session && !allowed ? <Empty title={curate.notYours} hint={curate.notYoursHint} /> : null}
      {problem ? <Failed problem={problem} onRetry={retry} /> : null}
      {allowed && !data && !problem ? <Loading /> : null}
      {data && data.groups.length === 0 ? <Empty title={metadata.none} hint={metadata.noneHint} /> : null}
      {data && data.groups.length > 0 ? <Room table={data} reload={retry} /> : null}
    </Page>
  );
}

interface Said {
  text: string;
  corrections?: readonly string[];
}

function Room({ table, reload }: { table: MetadataTable; reload: () => void }) {
  const words = useWords();
  const { metadata } = words;
  const { query } = useAddress();
  const single = query.get("rows") === "single";
  const gap = query.get("missing") as Fact | "any" | null;
  const find = query.get("find") ?? "";
  const order = orderOf(query.get("sort"));
  const rows = rowsOf(table, single);
  const gaps = gapsOf(rows);
  const shown = sorted(
    rows.filter((row) => hasGap(row, gap) && isFound(row, find, (fact, value) => spelled(fact, value, words))),
    order,
  );
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [of, setOf] = useState<Row>();
  const [said, setSaid] = useState<Said>();
  const [problem, setProblem] = useState<Problem>();
  const last = useRef<string>(undefined);
  // What the filter hides is not changed with the rest.
  const picked = shown.filter(({ key }) => chosen.has(key));
  const kept = (next: Said) => {
    setSaid(next);
    setProblem(undefined);
    setChosen(new Set());
    reload();
  };
  const undo = (corrections: readonly string[]) => {
    sendJson<ChangeUndone>("POST", "/api/metadata/undo", { corrections }).then(
      (back) => kept({ text: [metadata.undone(back.smears, back.photographs), back.stayed > 0 ? metadata.stayed(back.stayed) : ""].join(" ").trim() }),
      (reason: unknown) => setProblem(problemOf(reason)),
    );
  };
  return (
    <>
      <p className="quiet">{metadata.meaning}</p>
      <div className="row-form facts-filter">
        <Choice
          label={metadata.gap}
          value={gap ?? ALL}
          options={[
            { id: ALL, name: metadata.everything },
            { id: "any", name: metadata.anyGap(gaps.get("any") ?? 0) },
            ...FACTS.filter((fact) => (gaps.get(fact) ?? 0) > 0).map((fact) => ({ id: fact, name: metadata.gapOf(factName(fact, words), gaps.get(fact) ?? 0) })),
          ]}
          onChange={(next) => goQuery({ missing: next === ALL ? null : next, page: null })}
        />
        <SearchField className="text-field" value={find} onChange={(text) => goQuery({ find: text, page: null })}>
          <Label>{metadata.find}</Label>
          <Input dir="auto" placeholder={metadata.findHint} />
        </SearchField>
        <Choice
          label={metadata.rows}
          value={single ? "single" : "setup"}
          options={[
            { id: "setup", name: metadata.bySetup },
            { id: "single", name: metadata.bySingle },
          ]}
          onChange={(next) => {
            setChosen(new Set());
            goQuery({ rows: next === "single" ? "single" : null, page: null });
          }}
        />
      </div>
      <div role="status" className="facts-said">
        {said ? (
          <p className="banner calm">
            {said.text}{" "}
            {said.corrections?.length ? (
              <Button className="button" onPress={() => undo(said.corrections ?? [])}>
                {metadata.undo}
              </Button>
            ) : null}
          </p>
        ) : null}
      </div>
      {problem ? <Trouble problem={problem} /> : null}
      {picked.length > 0 ? (
        <>
          <div className="facts-chosen">
            <strong role="status">
              {metadata.chosen(
                picked.length,
                picked.reduce((sum, row) => sum + row.photographs.length, 0),
              )}
            </strong>
            <Button className="button" onPress={() => setChosen(new Set())}>
              {metadata.unchoose}
            </Button>
          </div>
          <FactForm
            rows={picked}
            all={rows}
            choices={table.choices}
            first={gap !== null && gap !== "any" ? gap : "stain"}
            onSaved={(changed) => kept({ text: metadata.saved(changed.smears, changed.photographs), corrections: changed.corrections ?? [] })}
          />
        </>
      ) : null}
      {shown.length === 0 ? (
        <Empty title={metadata.empty} hint={metadata.emptyHint}>
          <Button className="button" onPress={() => goQuery({ missing: null, find: null, page: null })}>
            {metadata.showAll}
          </Button>
        </Empty>
      ) : (
        <FactTable
          rows={shown}
          chosen={chosen}
          order={order}
          page={Number(query.get("page") ?? 1)}
          onChoose={(key, shift) => {
            setChosen(chosenAfter(shown, chosen, key, last.current, shift));
            last.current = key;
          }}
          onChooseAll={(on) => setChosen(on ? new Set(shown.map(({ key }) => key)) : new Set())}
          onHistory={setOf}
        />
      )}
      <TableFile onKept={(corrections) => kept({ text: metadata.keepTable, corrections })} />
      {of ? <History row={rows.find(({ key }) => key === of.key) ?? of} onClose={() => setOf(undefined)} onChanged={reload} /> : null}
    </>
  );
}
