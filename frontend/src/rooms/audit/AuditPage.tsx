/** The audit log: who did what when, who saw which suggestion, and whether the log is whole. */
import { useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";

import { address } from "../../api/client";
import type { PersonFacts } from "../../api/people";
import { useGet, useJson } from "../../api/resource";
import type { components } from "../../api/schema";
import { Latin } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { Choice } from "../people/Choice";
import { usePerson } from "../people/session";

type AuditPageData = components["schemas"]["AuditPage"];
type AuditLine = components["schemas"]["AuditLine"];
type Verdict = components["schemas"]["Verdict"];

const EVERYBODY = "-";
const AT_ONCE = 100;

export function AuditPage() {
  const words = useWords();
  const { audit, people } = words;
  const me = usePerson();
  return (
    <Page title={audit.title} trail={[[people.title, "/people"]]}>
      {me === undefined ? (
        <Loading />
      ) : me?.role !== "admin" ? (
        <Empty title={audit.notYours} hint={audit.notYoursHint}>
          <Link className="button" href="/people">
            {people.title}
          </Link>
        </Empty>
      ) : (
        <Log />
      )}
    </Page>
  );
}

function Log() {
  const { audit } = useWords();
  const [handle, setHandle] = useState(EVERYBODY);
  const [action, setAction] = useState(EVERYBODY);
  const [since, setSince] = useState("");
  const [before, setBefore] = useState<readonly number[]>([]);
  const query = {
    handle: handle === EVERYBODY ? null : handle,
    action: action === EVERYBODY ? null : action,
    since: since || null,
    before: before.at(-1) ?? null,
    limit: AT_ONCE,
  };
  const { data, problem, retry } = useJson<AuditPageData>(address("/api/audit", {}, query));
  const known = useJson<PersonFacts[]>("/api/people").data ?? [];
  const ask = (change: () => void) => {
    setBefore([]);
    change();
  };
  return (
    <>
      <p className="quiet audit-meaning">{audit.meaning}</p>
      {data?.held_by ? (
        <p className="notice" role="note">
          {audit.held(data.held_by)}
        </p>
      ) : null}
      {data ? <Whole entries={data.entries} head={data.head} /> : null}
      <div className="row-form audit-filters">
        <Choice
          label={audit.who}
          value={handle}
          options={[
            { id: EVERYBODY, name: audit.everybody },
            ...known.map(({ person }) => ({ id: person.handle, name: person.handle })),
          ]}
          onChange={(next) => ask(() => setHandle(next))}
        />
        <Choice
          label={audit.what}
          value={action}
          options={[
            { id: EVERYBODY, name: audit.everything },
            ...Object.entries(audit.action).map(([id, name]) => ({ id, name })),
          ]}
          onChange={(next) => ask(() => setAction(next))}
        />
        <TextField className="text-field audit-since" value={since} onChange={(next) => ask(() => setSince(next))}>
          <Label>{audit.since}</Label>
          <Input type="date" />
        </TextField>
      </div>
      {problem ? (
        <Failed problem={problem} onRetry={retry} />
      ) : data === undefined ? (
        <Loading />
      ) : data.lines.length === 0 ? (
        <Empty title={audit.none} hint={audit.noneHint} />
      ) : (
        <ol className="audit-lines">
          {grouped(data.lines).map((group) => (
            <Line key={group[0]?.seq} lines={group} />
          ))}
        </ol>
      )}
      <div className="row-form">
        {before.length > 0 ? (
          <Button className="button" onPress={() => setBefore(before.slice(0, -1))}>
            {audit.later}
          </Button>
        ) : null}
        {data?.following === null || data?.following === undefined ? null : (
          <Button className="button" onPress={() => setBefore([...before, data.following as number])}>
            {audit.earlier}
          </Button>
        )}
      </div>
    </>
  );
}

/** Sealed entries that follow each other are one line: each says the same, which is nothing. */
function grouped(lines: readonly AuditLine[]): AuditLine[][] {
  const groups: AuditLine[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (line.sealed && last?.[0]?.sealed) last.push(line);
    else groups.push([line]);
  }
  return groups;
}

/** How many entries there are, the head to note elsewhere, and the check of it all. */
function Whole({ entries, head }: { entries: number; head: string }) {
  const { audit, number } = useWords();
  const [asked, setAsked] = useState<string>();
  const { data, problem, retry } = useJson<Verdict>(asked ?? null);
  const check = () => (asked === undefined ? setAsked("/api/audit/verify") : retry());
  return (
    <section className="entry-card audit-whole" aria-label={audit.whole}>
      <p>
        {audit.entries(entries)} <span className="quiet">{audit.head}</span>{" "}
        <code className="audit-digest" dir="ltr">
          {head}
        </code>
      </p>
      <p className="quiet">{audit.headMeaning}</p>
      <div className="row-form">
        <Button className="button strong" onPress={check} isDisabled={asked !== undefined && data === undefined && !problem}>
          {audit.check}
        </Button>
        <a className="button" href="/api/audit/export" download>
          {audit.export}
        </a>
      </div>
      <div role="status">
        {problem ? <Failed problem={problem} onRetry={retry} /> : null}
        {asked !== undefined && data === undefined && !problem ? <p>{audit.checking}</p> : null}
        {data ? (
          <p className={data.fault ? "notice failed" : "audit-sound"}>
            {data.fault
              ? audit.fault(data.fault.kind, data.fault.seq ?? null, audit.of[data.fault.subject_class] ?? data.fault.subject_class, data.fault.subject)
              : audit.sound(number(data.entries), number(data.values))}
          </p>
        ) : null}
      </div>
    </section>
  );
}

function Line({ lines }: { lines: readonly AuditLine[] }) {
  const words = useWords();
  const { audit } = words;
  const line = lines[0];
  if (!line) return null;
  const last = lines.at(-1) ?? line;
  if (line.sealed) {
    return (
      <li className="audit-line sealed">
        <span className="audit-seq">{last === line ? words.number(line.seq) : `${words.number(last.seq)}–${words.number(line.seq)}`}</span>
        <span className="quiet">{audit.sealed(lines.length)}</span>
      </li>
    );
  }
  const { showing } = line;
  const action = line.action ? audit.action[line.action] : "";
  return (
    <li className="audit-line">
      <span className="audit-seq">{words.number(line.seq)}</span>
      <span className="audit-when quiet">{line.moment ? words.date(line.moment) : ""}</span>
      <span className="audit-who">{line.person ? <Latin>{line.person}</Latin> : <span className="quiet">{audit.commandLine}</span>}</span>
      <span className="audit-what">
        {showing ? audit.saw(audit.suggestion[showing.kind], showing.count) : action}
        {showing ? (
          <>
            {" "}
            <About showing={showing} round={line.round ?? null} />
            {showing.source ? (
              <span className="quiet">
                {" "}
                {audit.by} <Latin>{showing.source}</Latin>
              </span>
            ) : null}
          </>
        ) : (
          <span className="audit-id quiet">
            {audit.of[line.subject_class ?? ""] ?? line.subject_class} <Latin>{line.subject}</Latin>
          </span>
        )}
        {line.round ? <span className="quiet audit-round">{audit.inRound(line.round)}</span> : null}
      </span>
    </li>
  );
}

/** What a suggestion speaks of: a class by its name, anything else by what it is and its id. */
function About({ showing: { kind, about }, round }: { showing: NonNullable<AuditLine["showing"]>; round: string | null }) {
  const words = useWords();
  const { audit } = words;
  const { data: taxonomy } = useGet("/api/taxonomy", kind === "examples" ? {} : null);
  if (kind === "examples") return <bdi>{termName(about, taxonomy, words)}</bdi>;
  // One who reads sees what the panel says of all of a round at once.
  const of = kind === "panel" && about.startsWith("r") ? audit.of["round"] : audit.about[kind];
  return (
    <>
      {of} {of === audit.of["round"] && round ? null : <Latin>{about}</Latin>}
    </>
  );
}
