/** Groups of pictures of one cell: which is kept and why, what holds them together, and what people say against it. */
import { type ReactNode, useState } from "react";
import { Button, Input, Label, TextField } from "react-aria-components";

import { cellPicture, type Problem, problemOf, sendJson } from "../../api/client";
import { useJson } from "../../api/resource";
import { useKeys } from "../../keys/useKeys";
import { Latin } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Picture } from "../../parts/Picture";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { Choice } from "../people/Choice";
import { AT_ONCE, type GroupOrder, groupsUrl, type RepeatGroup, type RepeatPage, type RepeatWord, type Ruled, rulingsUrl } from "./api";
import { GroupLinks } from "./GroupLinks";
import { GroupPictures } from "./GroupPictures";

const ORDERS: readonly GroupOrder[] = ["size", "weakest", "differ"];

export function GroupsPane({ smear }: { smear: string | null }) {
  const { repeats, number } = useWords();
  const [order, setOrder] = useState<GroupOrder>("size");
  const [page, setPage] = useState(0);
  const [at, setAt] = useState(0);
  const { data, problem, retry } = useJson<RepeatPage>(groupsUrl(smear, order, page));
  const [last, setLast] = useState<RepeatPage>();
  if (data && data !== last) setLast(data);
  const shown = data ?? last;
  const items = shown?.items ?? [];
  const place = Math.min(at, Math.max(items.length - 1, 0));
  const group = items[place];
  const total = shown?.total ?? 0;
  const step = (by: number) => {
    const next = page * AT_ONCE + place + by;
    if (next < 0 || next >= total) return;
    setPage(Math.floor(next / AT_ONCE));
    setAt(next % AT_ONCE);
  };
  useKeys({ KeyN: () => step(1), KeyP: () => step(-1) });
  return (
    <>
      <div className="repeats-choices">
        <Choice
          label={repeats.order}
          value={order}
          options={ORDERS.map((id) => ({ id, name: repeats.orders[id] }))}
          onChange={(id) => {
            setOrder(id as GroupOrder);
            setPage(0);
            setAt(0);
          }}
        />
        {shown ? (
          <div role="status">
            <dl className="repeat-figures" data-kept={shown.totals.kept} data-groups={shown.totals.groups}>
              {(
                [
                  [repeats.totals.groups, shown.totals.groups],
                  [repeats.totals.leftOut, shown.totals.left_out],
                  [repeats.totals.kept, shown.totals.kept],
                  [repeats.totals.covered, shown.totals.covered],
                ] as const
              ).map(([name, count]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{number(count)}</dd>
                </div>
              ))}
            </dl>
          </div>
        ) : null}
      </div>
      {problem ? <Failed problem={problem} onRetry={retry} /> : null}
      {shown === undefined && !problem ? <Loading /> : null}
      {shown && total === 0 ? <Empty title={repeats.noGroups} hint={repeats.noGroupsHint} /> : null}
      {group ? (
        <>
          <nav className="group-strip" aria-label={repeats.groupsOf}>
            {items.map((each, index) => (
              <Button key={each.members[0]?.cell_id} className={index === place ? "group-pick picked" : "group-pick"} aria-current={index === place} aria-label={repeats.nthGroup(page * AT_ONCE + index + 1, each.members.length)} onPress={() => setAt(index)}>
                <Picture src={cellPicture(each.members[0]?.cell_id ?? "", 96)} alt="" lazy={false} />
                <span>{number(each.members.length)}</span>
              </Button>
            ))}
          </nav>
          <Group
            key={group.members.map(({ cell_id }) => cell_id).join(" ")}
            group={group}
            onRuled={retry}
            head={
              <span className="page-actions">
                <Button className="button" isDisabled={page === 0 && place === 0} onPress={() => step(-1)}>
                  {repeats.previous} <kbd>P</kbd>
                </Button>
                <span className="quiet">{repeats.nthOf(page * AT_ONCE + place + 1, total)}</span>
                <Button className="button" isDisabled={page * AT_ONCE + place + 1 >= total} onPress={() => step(1)}>
                  {repeats.next} <kbd>N</kbd>
                </Button>
              </span>
            }
          />
        </>
      ) : null}
      {shown && shown.apart.length > 0 ? <Apart words={shown.apart} onRuled={retry} /> : null}
    </>
  );
}

/** What is ruled is sent, and the page told anew; a ruling on a pair can be taken back at once. */
function useRuling(onRuled: () => void) {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const rule = (cell: string, other: string, ruled: Ruled, reason = "") => {
    setBusy(true);
    setProblem(undefined);
    return sendJson<RepeatWord>("POST", rulingsUrl, { cell_id: cell, other_id: other, ruled, reason })
      .then(onRuled, (reason_: unknown) => setProblem(problemOf(reason_)))
      .finally(() => setBusy(false));
  };
  return { rule, busy, problem };
}

function Group({ group, head, onRuled }: { group: RepeatGroup; head: ReactNode; onRuled: () => void }) {
  const { repeats } = useWords();
  const weakest = group.links.findIndex((link) => link.weakest);
  const [chosen, setChosen] = useState(Math.max(weakest, 0));
  const [reason, setReason] = useState("");
  const { rule, busy, problem } = useRuling(onRuled);
  const kept = group.members[0];
  const link = group.links[Math.min(chosen, group.links.length - 1)];
  const keep = (place: number) => {
    const member = group.members[place];
    if (busy || !kept || !member || member.kept || group.read) return;
    void rule(member.cell_id, kept.cell_id, "keep", reason);
  };
  const digits = Object.fromEntries(group.members.slice(0, 9).map((_, place) => [`Digit${place + 1}`, () => keep(place)]));
  const apart = () => {
    if (link && !busy) void rule(link.a, link.b, "apart", reason);
  };
  const word = link ? group.words.find(({ cell_id, other_id }) => [cell_id, other_id].sort().join() === [link.a, link.b].sort().join()) : undefined;
  useKeys({ ...digits, KeyA: apart, KeyM: () => word && !busy && void rule(word.cell_id, word.other_id, "measured") });
  return (
    <article className="repeat-group" aria-busy={busy}>
      <div className="group-head">
        <h2>
          <Latin>{group.smear}</Latin> · {repeats.pictures(group.members.length)}
        </h2>
        {group.differ ? <span className="mark leak">{repeats.labelsDiffer}</span> : null}
        {head}
      </div>
      {group.read ? <p className="notice">{repeats.isRead}</p> : null}
      {problem ? <Trouble problem={problem} /> : null}
      <GroupPictures group={group} busy={busy} onKeep={keep} />
      <GroupLinks group={group} chosen={chosen} onChoose={setChosen} />
      <div className="group-words">
        <TextField className="text-field" value={reason} onChange={setReason} maxLength={200}>
          <Label>{repeats.reason}</Label>
          <Input dir="auto" />
        </TextField>
        {link ? (
          <Button className="button" isDisabled={busy} onPress={apart}>
            {repeats.theseApart} <kbd>A</kbd>
          </Button>
        ) : null}
      </div>
      <Words words={group.words} busy={busy} onMeasured={(said) => void rule(said.cell_id, said.other_id, "measured")} />
    </article>
  );
}

function Words({ words, busy, onMeasured }: { words: readonly RepeatWord[]; busy: boolean; onMeasured: (word: RepeatWord) => void }) {
  const { repeats } = useWords();
  if (words.length === 0) return null;
  return (
    <ul className="ruled">
      {words.map((word) => (
        <li key={`${word.cell_id} ${word.other_id}`}>
          <Picture src={cellPicture(word.cell_id, 96)} alt={repeats.first} />
          <Picture src={cellPicture(word.other_id, 96)} alt={repeats.second} />
          <span className="said-what">
            {repeats.ruled[word.ruled]} <Latin>{word.by}</Latin>
            {word.reason ? (
              <>
                <br />
                <bdi className="quiet">{word.reason}</bdi>
              </>
            ) : null}
          </span>
          <Button className="button" isDisabled={busy} onPress={() => onMeasured(word)}>
            {repeats.asMeasured}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Pictures that are in no group together because somebody said so. */
function Apart({ words, onRuled }: { words: readonly RepeatWord[]; onRuled: () => void }) {
  const { repeats } = useWords();
  const { rule, busy, problem } = useRuling(onRuled);
  return (
    <section className="repeat-card apart" aria-label={repeats.apartTitle}>
      <h2>{repeats.apartTitle}</h2>
      {problem ? <Trouble problem={problem} /> : null}
      <Words words={words} busy={busy} onMeasured={(word) => void rule(word.cell_id, word.other_id, "measured")} />
    </section>
  );
}
