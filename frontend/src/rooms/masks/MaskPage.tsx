/** The masks screen: cell after cell of a selection, or one cell alone; what comes next is fetched and drawn ahead. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { type Problem, problemOf } from "../../api/client";
import type { Person } from "../../api/people";
import { useGet, useJson } from "../../api/resource";
import { SentMark } from "../../offline/SentMark";
import { useQueue } from "../../offline/useQueue";
import { Arrow } from "../../parts/Arrow";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { goQuery, Link, useAddress } from "../../route/router";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { useSession } from "../people/session";
import { Cells, type LoadedCell, type MaskSheet, type MaskTask, sheetUrl } from "./api";
import { keptKeys, keyOf } from "./keys";
import { MaskRoom } from "./MaskRoom";

const AHEAD = 3;

/** Cells of a selection. */
export function MaskSheetPage({ id }: { id: string }) {
  const { masks } = useWords();
  const { session } = useSession();
  const person = session?.person;
  const { data, problem, retry } = useJson<MaskSheet>(person ? sheetUrl(id) : null);
  if (session && (!person || person.role === "viewer")) return <Outside inside={<Empty title={masks.notYours} hint={masks.signIn} />} />;
  if (problem && !data) return <Outside inside={<Failed problem={problem} onRetry={retry} />} />;
  if (!data || !person) return <Outside inside={<Loading />} />;
  if (data.tasks.length === 0) return <Outside inside={<Empty title={masks.nothingToDraw} hint={masks.held(data.selection.held)} />} />;
  return <Drawing key={`${id} ${person.id}`} person={person} name={data.selection.name} tasks={data.tasks} back="/masks" />;
}

/** One cell, whether a selection names it or not. */
export function OneMaskPage({ cell }: { cell: string }) {
  const { masks } = useWords();
  const { session } = useSession();
  const person = session?.person;
  const tasks = useMemo<MaskTask[]>(() => [{ cell_id: cell, term: "", parts: [], mine: "waiting", comparable: false }], [cell]);
  if (session && (!person || person.role === "viewer")) return <Outside inside={<Empty title={masks.notYours} hint={masks.signIn} />} />;
  if (!person) return <Outside inside={<Loading />} />;
  return <Drawing key={`${cell} ${person.id}`} person={person} name="" tasks={tasks} back={`/cells?cell=${encodeURIComponent(cell)}`} />;
}

function Outside({ inside }: { inside: React.ReactNode }) {
  const { masks } = useWords();
  return (
    <Page title={masks.title} trail={[[masks.title, "/masks"]]}>
      {inside}
    </Page>
  );
}

function Drawing({ person, name, tasks, back }: { person: Person; name: string; tasks: readonly MaskTask[]; back: string }) {
  const words = useWords();
  const { masks, number } = words;
  const { query } = useAddress();
  const { data: taxonomy } = useGet("/api/taxonomy");
  const [cells] = useState(() => new Cells());
  const [mine, setMine] = useState<ReadonlyMap<string, MaskTask["mine"]>>(() => new Map(tasks.map(({ cell_id: id, mine: state }) => [id, state])));
  const [finished, setFinished] = useState(false);
  const { queue } = useQueue();
  const waiting = queue.waitingOf("mask", () => true);

  const asked = query.get("cell");
  const index = Math.max(
    0,
    tasks.findIndex(({ cell_id: id }) => (asked ? id === asked : mine.get(id) === "waiting")),
  );
  const task = tasks[index];
  const id = task?.cell_id ?? "";
  const visit = useCallback((to: string) => goQuery({ cell: to }), []);
  useEffect(() => {
    // The address names the cell, so that a reload comes back to it.
    if (!asked && tasks.length > 1 && id) visit(id);
  }, [asked, tasks.length, id, visit]);

  const [loaded, setLoaded] = useState<{ visit: number; cell: LoadedCell }>();
  const [problem, setProblem] = useState<Problem>();
  const [tries, setTries] = useState(0);
  const visits = useRef(0);
  useEffect(() => {
    let gone = false;
    setProblem(undefined);
    cells.get(id).then(
      (cell) => {
        if (gone) return;
        visits.current += 1;
        setLoaded({ visit: visits.current, cell });
        const coming = [...tasks.slice(index + 1), ...tasks.slice(0, index)].filter((each) => mine.get(each.cell_id) === "waiting");
        for (const each of coming.slice(0, AHEAD)) cells.get(each.cell_id).catch(() => undefined);
      },
      (reason: unknown) => gone || setProblem(problemOf(reason)),
    );
    return () => {
      gone = true;
    };
    // Whether others are drawn does not change this cell.
  }, [cells, id, tries]);

  const onKept = (cell: string, failed: boolean) => {
    const next = new Map(mine).set(cell, failed ? "failed" : "drawn");
    setMine(next);
    cells.forget(cell);
    const coming = [...tasks.slice(index + 1), ...tasks.slice(0, index)].find((each) => next.get(each.cell_id) === "waiting");
    if (coming) visit(coming.cell_id);
    else setFinished(true);
  };
  const step = (by: 1 | -1) => {
    const next = tasks[index + by];
    if (!next) return;
    setFinished(false);
    visit(next.cell_id);
  };
  const titled = (name: string, action: "next" | "previous") => {
    const key = keyOf(keptKeys(), action);
    return key ? `${name} (${key})` : name;
  };
  const same = tasks.filter(({ term }) => term === task?.term);
  const drawn = same.filter(({ cell_id: each }) => mine.get(each) !== "waiting").length;
  const all = tasks.filter(({ cell_id: each }) => mine.get(each) !== "waiting").length;
  const term = task?.term || loaded?.cell.start.term || "";
  const title = term ? termName(term, taxonomy, words) : masks.title;
  useEffect(() => {
    document.title = `${masks.title}: ${title} · buffycoat`;
  }, [masks.title, title]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [id]);
  const here = loaded?.cell.start.cell_id === id ? loaded : undefined;
  const state = mine.get(id) ?? "waiting";
  return (
    <main id="content" className="mask-room">
      <div className="label-head">
        <Link className="button back-link" href={back} aria-label={masks.back}>
          <Arrow to="back" />
        </Link>
        <h1 ref={heading} tabIndex={-1}>
          {title}
          {state === "waiting" ? null : <span className="mark">{masks.states[state]}</span>}
        </h1>
        {tasks.length > 1 ? (
          <span className="mask-progress" role="status">
            <span>{masks.ofClass(drawn, same.length)}</span>
            <span className="quiet">{masks.ofAll(all, tasks.length, name)}</span>
          </span>
        ) : null}
        <SentMark className="mask-sent" />
        {tasks.length > 1 ? (
          <span className="locate-way">
            <button type="button" className="button" disabled={index === 0} aria-label={masks.previous} title={titled(masks.previous, "previous")} onClick={() => step(-1)}>
              <Arrow to="back" />
            </button>
            <span className="mask-place">{masks.place(number(index + 1), number(tasks.length))}</span>
            <button type="button" className="button" disabled={index + 1 >= tasks.length} aria-label={masks.next} title={titled(masks.next, "next")} onClick={() => step(1)}>
              <Arrow to="forward" />
            </button>
          </span>
        ) : null}
      </div>
      {finished ? (
        <Empty title={tasks.length > 1 ? masks.finished : masks.keptOne} hint={waiting > 0 ? masks.waiting(waiting) : masks.allSent}>
          <span className="mask-reasons">
            <Link className="button strong" href={back}>
              {masks.back}
            </Link>
            <button
              type="button"
              className="button"
              onClick={() => {
                setFinished(false);
                setLoaded(undefined);
                setTries((now) => now + 1);
              }}
            >
              {masks.lookAgain}
            </button>
          </span>
        </Empty>
      ) : problem ? (
        <Failed problem={problem} onRetry={() => setTries((now) => now + 1)} />
      ) : here ? (
        <MaskRoom
          key={here.visit}
          cell={here.cell}
          person={person}
          comparable={task?.comparable ?? false}
          onKept={onKept}
          onNext={() => step(1)}
          onPrevious={() => step(-1)}
          onStale={(cell) => cells.forget(cell)}
        />
      ) : (
        <Loading />
      )}
    </main>
  );
}
