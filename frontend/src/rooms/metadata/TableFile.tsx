/** All facts as a file, out and back; what is wrong with a file that comes back is told by line. */
import { useState } from "react";
import { Button, FileTrigger } from "react-aria-components";

import { address, type Problem, problemOf, sendJson } from "../../api/client";
import { Empty } from "../../parts/Notice";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { base64Of, type TableRead } from "./table";
import { Was } from "./Was";

/** In base64 it must fit into what a body may hold. */
const MOST_BYTES = 3_000_000;

export function TableFile({ onKept }: { onKept: (corrections: readonly string[]) => void }) {
  const words = useWords();
  const { metadata } = words;
  const [given, setGiven] = useState<{ name: string; content: string }>();
  const [read, setRead] = useState<TableRead>();
  const [problem, setProblem] = useState<Problem>();
  const [state, setState] = useState<"idle" | "reading" | "large">("idle");
  const done = () => {
    setGiven(undefined);
    setRead(undefined);
    setProblem(undefined);
    setState("idle");
  };
  const send = async (table: { name: string; content: string }, keep: boolean) => {
    setState("reading");
    setProblem(undefined);
    try {
      const answer = await sendJson<TableRead>("POST", "/api/metadata/table", { ...table, keep });
      if (keep && answer.problems.length === 0) {
        done();
        onKept(answer.corrections ?? []);
        return;
      }
      setRead(answer);
    } catch (reason) {
      setRead(undefined);
      setProblem(problemOf(reason));
    }
    setState("idle");
  };
  const bring = async (file: File) => {
    done();
    if (file.size > MOST_BYTES) {
      setState("large");
      return;
    }
    const table = { name: file.name, content: base64Of(await file.arrayBuffer()) };
    setGiven(table);
    await send(table, false);
  };
  return (
    <section className="table-file" aria-label={metadata.file}>
      <h2>{metadata.file}</h2>
      <p className="quiet">{metadata.fileMeaning}</p>
      <div className="row-buttons">
        <a className="button" href={address("/api/metadata/table", {}, { kind: "xlsx" })} download="photographs.xlsx">
          {metadata.takeXlsx}
        </a>
        <a className="button" href={address("/api/metadata/table", {}, { kind: "csv" })} download="photographs.csv">
          {metadata.takeCsv}
        </a>
        <FileTrigger acceptedFileTypes={[".csv", ".xlsx"]} onSelect={(files) => files?.[0] && void bring(files[0])}>
          <Button className="button">{metadata.bring}</Button>
        </FileTrigger>
      </div>
      <div role="status">
        {state === "reading" ? <p>{metadata.reading}</p> : null}
        {state === "large" ? <Empty title={metadata.tooLarge} hint={metadata.tooLargeHint} /> : null}
        {read && read.problems.length > 0 ? <Problems read={read} /> : null}
        {read && read.problems.length === 0 ? (
          <div className="entry-card">
            <p>{read.changes.length === 0 ? metadata.unchanged(read.rows) : metadata.changes(read.rows)}</p>
            {read.changes.map((changed) => (
              <div key={`${changed.fact} ${changed.value}`} className="fact-change">
                <span className="quiet">{metadata.would(changed.smears, changed.photographs)}</span>
                <Was changed={changed} />
              </div>
            ))}
            {read.changes.length > 0 && given ? (
              <div className="row-buttons">
                <Button className="button strong" isDisabled={state === "reading"} onPress={() => void send(given, true)}>
                  {metadata.keepTable}
                </Button>
                <Button className="button" onPress={done}>
                  {metadata.giveUp}
                </Button>
              </div>
            ) : null}
          </div>
        ) : null}
      </div>
      {problem ? <Trouble problem={problem} /> : null}
    </section>
  );
}

function Problems({ read }: { read: TableRead }) {
  const { metadata, number } = useWords();
  return (
    <div className="notice failed">
      <p className="notice-title">{metadata.problems(new Set(read.problems.map(({ line }) => line)).size)}</p>
      <p>{metadata.problemsHint}</p>
      <div className="scroll-sideways" tabIndex={0} role="region" aria-label={metadata.problem}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{metadata.line}</th>
              <th scope="col">{metadata.problem}</th>
              <th scope="col">{metadata.expected}</th>
              <th scope="col">{metadata.found}</th>
            </tr>
          </thead>
          <tbody>
            {read.problems.map((each) => (
              <tr key={`${each.line} ${each.what}`}>
                <th scope="row">{number(each.line)}</th>
                <td lang="en" dir="ltr">
                  {each.what}
                </td>
                <td lang="en" dir="ltr" className="wrapped">
                  {each.expected}
                </td>
                <td lang="en" dir="ltr">
                  {each.found}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
