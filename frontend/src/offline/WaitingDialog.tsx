/** What of this person is on this device only: how much, since when, why; to a file and back. */
import { type ChangeEvent, useRef, useState } from "react";
import { Button } from "react-aria-components";

import { Sheet } from "../rooms/label/Dialogs";
import { usePerson } from "../rooms/people/session";
import { inShort, refusalOf } from "../words/tell";
import { useWords } from "../words/words";
import type { Queued, What } from "./kinds";
import { usePhotographs } from "./photographs/usePhotographs";
import { WaitingPhotographs } from "./photographs/WaitingPhotographs";
import { useQueue } from "./useQueue";

const SHOWN = 5;
const KINDS: readonly What[] = ["answer", "label", "box", "decision", "mask"];

/** Hand a text over as a file. */
function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export function WaitingDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { offline } = useWords();
  return (
    <Sheet title={offline.waitingTitle} open={open} onClose={onClose}>
      {open ? <Waiting onClose={onClose} /> : null}
    </Sheet>
  );
}

function Waiting({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const { offline, label } = words;
  const person = usePerson();
  const { queue, standing } = useQueue();
  const { photographs } = usePhotographs();
  const { waiting, oldest, problem, refused, others, lasting } = standing;
  const counts = KINDS.map((what): [What, number] => [what, queue.waitingOf(what, () => true)])
    .filter(([, count]) => count > 0)
    .map(([what, count]) => offline.kinds[what](count))
    .join(" · ");
  const [said, setSaid] = useState("");
  const file = useRef<HTMLInputElement>(null);
  const why =
    problem === undefined
      ? ""
      : ({ offline: label.noConnection, "other-person": offline.otherPerson }[problem.code] ?? (problem.status === 401 ? offline.signedOut : inShort(problem, words)));

  const save = () => {
    const day = new Date().toISOString().slice(0, 10);
    download(`buffycoat-answers-${person?.handle ?? ""}-${day}.json`, queue.save());
    setSaid(offline.saved(waiting + refused.length));
  };
  const load = async (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = event.currentTarget.files?.[0];
    if (!chosen) return;
    const taken = await queue.load(await chosen.text());
    if (file.current) file.current.value = "";
    setSaid(taken === undefined ? offline.notAnswers : offline.loaded(taken));
  };
  return (
    <>
      {waiting === 0 ? (
        photographs.waiting === 0 ? <p>{offline.allSent}</p> : null
      ) : (
        <section className="waiting-facts">
          <p className="notice-title">{offline.waits(waiting, oldest ? words.date(oldest) : "")}</p>
          <p>{counts}</p>
          {why ? <p>{why}</p> : null}
          <p className="quiet">{offline.sentLater}</p>
        </section>
      )}
      <WaitingPhotographs onGo={onClose} />
      {others.length > 0 ? <p>{offline.waitFor(others.join(", "))}</p> : null}
      {lasting ? null : <p className="mark leak">{label.notLasting}</p>}
      {refused.length > 0 ? <Refused events={refused} onDrop={() => void queue.dropRefused()} /> : null}
      <p role="status" className={said ? "key-said" : "unseen"}>
        {said}
      </p>
      <div className="page-actions">
        {waiting > 0 ? (
          <Button className="button strong" onPress={() => queue.wake()}>
            {offline.tryNow}
          </Button>
        ) : null}
        {waiting + refused.length > 0 ? (
          <Button className="button" onPress={save}>
            {offline.save}
          </Button>
        ) : null}
        <Button className="button" onPress={() => file.current?.click()}>
          {offline.load}
        </Button>
        <input ref={file} type="file" accept="application/json,.json" hidden onChange={(event) => void load(event)} />
      </div>
    </>
  );
}

function Refused({ events, onDrop }: { events: readonly Queued[]; onDrop: () => void }) {
  const words = useWords();
  const { offline, label } = words;
  const named = (term: string | null) => (term === null ? label.takenBack : (words.term[term] ?? term));
  const told = (each: Queued) => {
    if (each.what === "answer") return offline.refusedLine(each.place + 1, named(each.after.term));
    if (each.what === "label") return offline.refusedLabel(named(each.to.mine ? each.to.at : null));
    if (each.what === "decision") return offline.refusedDecision(named(each.term));
    if (each.what === "mask") return offline.refusedMask;
    return offline.refusedBox(each.act === "type" ? named(each.term) : offline.acts[each.act]);
  };
  return (
    <section>
      <h3>{offline.refusedTitle(events.length)}</h3>
      <p className="quiet">{offline.refusedMeaning}</p>
      <ul className="refused-list">
        {events.slice(-SHOWN).map((each) => (
          <li key={each.event}>
            {told(each)}
            <span className="quiet" dir="auto">
              {refusalOf(each.refusal, words)}
            </span>
          </li>
        ))}
      </ul>
      {events.length > SHOWN ? <p className="quiet">{offline.andMore(events.length - SHOWN)}</p> : null}
      <Button className="button" onPress={onDrop}>
        {offline.drop}
      </Button>
    </section>
  );
}
