/** The screen itself: cell, pad, tally, and what every key does. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { flushSync } from "react-dom";

import type { Taxonomy } from "../../api/client";
import type { Person } from "../../api/people";
import type { RoundView } from "../../api/rounds";
import { keepBindings, keptBindings, lookup, parentOf, type Bindings, type Tool } from "../../keys/bindings";
import { useLabelKeys } from "../../keys/useLabelKeys";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { Lesson } from "../teach/Lesson";
import { CommentDialog, NAMED, TermDialog } from "./Dialogs";
import { Ending } from "./Ending";
import { FieldLook } from "./FieldLook";
import { HandIn } from "./HandIn";
import { HeadLine } from "./HeadLine";
import { KeysDialog } from "./KeysDialog";
import { Pad } from "./Pad";
import { Reference } from "./Reference";
import { Stage, type StageHandle } from "./Stage";
import { bell, ring, tallyOf } from "./tally";
import { TakeAlong } from "./TakeAlong";
import { TallyPanel } from "./TallyPanel";
import { Toast } from "./Toast";
import { ToolRow } from "./ToolRow";
import { useCrop, useReading } from "./useReading";
import { useWishes } from "./wishes";

type Open = "terms" | "not-white" | "comment" | "name" | "keys" | "take" | "hand-in" | undefined;
const TEN = 10;

export function LabelRoom({ round, person, taxonomy }: { round: RoundView; person: Person; taxonomy: Taxonomy }) {
  const words = useWords();
  const { label, offline } = words;
  const who = useMemo(() => ({ round: round.id, person: person.id, handle: person.handle }), [round.id, person.id, person.handle]);
  const { reading, seen, problem, retry } = useReading(who);
  const { crop, retry: retryCrop } = useCrop(who, reading, seen);
  const [handedIn, setHandedIn] = useState(round.mine?.handed_in === true);
  const [wishes, wish] = useWishes();
  const [bindings, setBindings] = useState<Bindings>(() => keptBindings(taxonomy));
  const acts = useMemo(() => lookup(bindings), [bindings]);
  const [open, setOpen] = useState<Open>();
  const [field, setField] = useState(false);
  const [reference, setReference] = useState(false);
  const [said, setSaid] = useState("");
  const stage = useRef<StageHandle>(null);
  const tally = useMemo(() => tallyOf(seen?.done ?? [], taxonomy), [seen?.done, taxonomy]);
  const item = seen?.item?.item;
  const visible = crop !== undefined && "bitmap" in crop;
  const done = handedIn || seen?.handedIn === true;
  const off = round.closed || done;

  const sounds = useRef({ leukocytes: 0, wishes });
  useEffect(() => {
    const { current: before } = sounds;
    const rung = bell(before.leukocytes, tally.leukocytes);
    if (rung !== undefined && wishes.bell) ring(rung === 100 ? 880 : 1175, 0.6);
    sounds.current = { leukocytes: tally.leukocytes, wishes };
  }, [tally.leukocytes, wishes]);

  const answer = useCallback(
    (term: string, comment?: string) => {
      if (!reading) return;
      if (off) {
        setSaid(round.closed ? label.closed : offline.handedIn);
        return;
      }
      // Nobody names a cell that is not yet to be seen, however fast the keys come.
      if (!visible) {
        setSaid(label.notYet);
        return;
      }
      // In one go: the next frame shows the next cell.
      flushSync(() => {
        setSaid("");
        reading.answer(term, comment);
      });
      if (wishes.click) ring(1800, 0.03);
    },
    [reading, off, round.closed, visible, label, offline, wishes.click],
  );
  const onTerm = useCallback(
    (key: string, parent: boolean) => {
      const above = parent ? parentOf(taxonomy, key) : undefined;
      if (parent && !above) setSaid(label.noParent);
      else answer(above?.key ?? key);
    },
    [answer, taxonomy, label],
  );
  const unsay = useCallback(() => setSaid(""), []);
  const undo = () => {
    if (!off && !reading?.undo()) setSaid(label.nothingToUndo);
  };
  const onTool = (tool: Tool, held = true) => {
    if (!reading) return;
    const acted: Record<Tool, () => void> = {
      undo,
      redo: () => void (off || reading.redo()),
      next: () => reading.step(1),
      previous: () => reading.step(-1),
      forward: () => reading.step(TEN),
      back: () => reading.step(-TEN),
      skip: () => reading.skip(),
      field: () => setField(held),
      zoom: () => stage.current?.zoomIn(),
      fit: () => stage.current?.fit(),
      comment: () => setOpen(off ? undefined : "comment"),
      reference: () => setReference((now) => !now),
      other: () => setOpen(off || !visible ? undefined : "terms"),
      notWhite: () => setOpen(off || !visible ? undefined : "not-white"),
    };
    flushSync(acted[tool]);
  };
  useLabelKeys({ acts, onTerm, onTool, onSheet: () => setOpen("keys"), rtl: words.dir === "rtl", off: false });

  const trail = [[label.rounds, "/rounds"] as const];
  if (problem && !seen?.total) {
    return (
      <Page title={round.name} trail={trail}>
        <Failed problem={problem} onRetry={retry} />
      </Page>
    );
  }
  if (!seen || !reading || (seen.total === 0 && !seen.item)) {
    return (
      <Page title={round.name} trail={trail}>
        {seen && round.mine?.items === 0 ? <Empty title={label.noItems} hint={label.noItemsHint} /> : <Loading />}
      </Page>
    );
  }
  const { place, total, answered, opinion, last } = seen;
  const all = answered >= total;
  const named = opinion.term === null ? label.unlabeled : termName(opinion.term, taxonomy, words);
  const name = label.cellName(place + 1, total, named);
  const lastNamed = last && (last.after.term === null ? label.takenBack : termName(last.after.term, taxonomy, words));
  return (
    <main id="content" className="label-room" data-hand={wishes.hand}>
      <HeadLine round={round} seen={seen} named={named} handle={person.handle} onTake={() => setOpen("take")} />
      <div className={reference ? "label-main with-reference" : "label-main"}>
        <div className="label-stage">
          <Stage
            ref={stage}
            item={item}
            name={name}
            crop={crop}
            onRetry={retryCrop}
            onSwipe={(to) => {
              if (to === "up") undo();
              else reading.step((to === "left") === (words.dir === "ltr") ? 1 : -1);
            }}
          />
          {field && item ? <FieldLook round={round.id} item={item} /> : null}
          <Toast event={last} name={lastNamed ?? ""} panel={seen.lastPanel && termName(seen.lastPanel, taxonomy, words)} note={said} onUndo={undo} onSaid={unsay} />
          {problem ? (
            <div className="label-wait">
              <Failed problem={problem} onRetry={retry} />
            </div>
          ) : null}
        </div>
        <div className="label-side">
          <Ending
            closed={round.closed}
            handedIn={done}
            all={all}
            takenLeft={seen.takenLeft}
            onHandIn={() => setOpen("hand-in")}
          />
          <div className="hand-area">
            <ToolRow bindings={bindings} wishes={wishes} wish={wish} onTool={onTool} onKeys={() => setOpen("keys")} first={place === 0} final={place >= total - 1} reference={reference} />
            <Pad
              taxonomy={taxonomy}
              bindings={bindings}
              acts={acts}
              chosen={opinion.term}
              disabled={off || !visible}
              undoable={!off && seen.done.length > 0}
              onTerm={(key) => onTerm(key, false)}
              onTool={onTool}
            />
          </div>
          {seen.panel === undefined ? null : (
            <p className="comment-line">{label.panel(termName(seen.panel, taxonomy, words))}</p>
          )}
          {round.mode === "training" && last?.after.term ? (
            <Lesson round={round.id} item={last.item} place={last.place} said={last.after.term} panel={seen.lastPanel} taxonomy={taxonomy} />
          ) : null}
          {seen.comment ? (
            <p className="comment-line" dir="auto">
              <span className="quiet">{label.tool["comment"]}:</span> {seen.comment}
            </p>
          ) : null}
          <TallyPanel tally={tally} answered={answered} taxonomy={taxonomy} wishes={wishes} wish={wish} />
          {off || all ? null : (
            <Button className="button hand-in" onPress={() => setOpen("hand-in")}>
              {words.offline.handIn}…
            </Button>
          )}
        </div>
        {reference ? <Reference round={round.id} taxonomy={taxonomy} onClose={() => setReference(false)} /> : null}
      </div>
      <p className="unseen" role="status">
        {last ? `${label.cellWas(last.place + 1, lastNamed ?? "")} ${name}` : name}
      </p>
      <TermDialog
        open={open === "terms" || open === "not-white"}
        notWhite={open === "not-white"}
        nameable
        taxonomy={taxonomy}
        onTerm={(key) => {
          setOpen(key === NAMED ? "name" : undefined);
          if (key !== NAMED) answer(key);
        }}
        onClose={() => setOpen(undefined)}
      />
      <CommentDialog
        open={open === "comment" || open === "name"}
        naming={open === "name"}
        text={seen.comment}
        onSave={(text) => {
          setOpen(undefined);
          // The name goes with the answer: one event.
          if (open === "name") answer(NAMED, text);
          else reading.comment(text);
        }}
        onClose={() => setOpen(undefined)}
      />
      <TakeAlong open={open === "take"} round={round} person={person} taxonomy={taxonomy} reading={reading} onClose={() => setOpen(undefined)} />
      <HandIn
        open={open === "hand-in"}
        round={round}
        person={person.id}
        total={total}
        answered={answered}
        onBlank={() => {
          setOpen(undefined);
          reading.toBlank();
        }}
        onDone={() => {
          setOpen(undefined);
          setHandedIn(true);
        }}
        onClose={() => setOpen(undefined)}
      />
      <KeysDialog
        open={open === "keys"}
        taxonomy={taxonomy}
        bindings={bindings}
        onChange={(next) => {
          keepBindings(taxonomy, next);
          setBindings(next ?? keptBindings(taxonomy));
        }}
        onClose={() => setOpen(undefined)}
      />
    </main>
  );
}
