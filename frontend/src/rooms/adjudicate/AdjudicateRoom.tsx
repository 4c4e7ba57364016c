/** The screen on which disputed cells are decided: the cell, what was said of it, and what every key does. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";

import type { DisputePage } from "../../api/adjudication";
import type { Taxonomy } from "../../api/client";
import { type Action, keptBindings, lookup, parentOf, termAction, type Tool } from "../../keys/bindings";
import type { Chord } from "../../keys/chords";
import { useLabelKeys } from "../../keys/useLabelKeys";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { TermDialog } from "../label/Dialogs";
import { Stage, type StageHandle } from "../label/Stage";
import type { Deciding, Standing } from "./deciding";
import { FieldLookOf } from "./FieldLookOf";
import { HeadOf } from "./HeadOf";
import { OPINION_KEYS, Opinions } from "./Opinions";
import { KeysSheet, ReasonDialog } from "./Sheets";
import { Said, Verdict } from "./Verdict";
import { Tools } from "./Tools";
import { useDisputeCrop } from "./useDeciding";

type Open = "terms" | "reason" | "keys" | undefined;
const TEN = 10;
const SHOWN_MS = 3000;

export interface AdjudicateRoomProps {
  page: DisputePage;
  deciding: Deciding;
  standing: Standing;
  taxonomy: Taxonomy;
  /** Choices of what is to be decided, for the line above the cell. */
  choices: React.ReactNode;
}

export function AdjudicateRoom({ page, deciding, standing, taxonomy, choices }: AdjudicateRoomProps) {
  const words = useWords();
  const { adjudicate, label } = words;
  const { round, total } = page;
  const { place, item, last } = standing;
  const { crop, retry } = useDisputeCrop(round.id, deciding, place, total);
  const bindings = useMemo(() => keptBindings(taxonomy), [taxonomy]);
  const [open, setOpen] = useState<Open>();
  const [third, setThird] = useState<string>();
  const [draft, setDraft] = useState<{ item: string; text: string }>();
  const [field, setField] = useState(false);
  const [note, setNote] = useState("");
  const stage = useRef<StageHandle>(null);
  const visible = crop !== undefined && "bitmap" in crop;
  const mine = item?.decision?.mine ? item.decision : undefined;
  const reason = draft && draft.item === item?.item ? draft.text : "";

  const said = useMemo(() => item?.opinions.map(({ term }) => term) ?? [], [item]);
  const acts = useMemo(() => {
    const keys = new Map<Chord, Action>(lookup(bindings));
    OPINION_KEYS.forEach((key, at) => {
      const term = said[at];
      if (term === undefined) keys.delete(key);
      else keys.set(key, termAction(term));
    });
    return keys;
  }, [bindings, said]);

  useEffect(() => {
    if (!note) return undefined;
    const timer = setTimeout(() => setNote(""), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [note]);

  const put = useCallback(
    (term: string, why: string) => {
      flushSync(() => {
        setNote("");
        setDraft(undefined);
        setOpen(undefined);
        deciding.decide(term, why);
      });
    },
    [deciding],
  );
  const decide = (term: string) => {
    if (!item) return;
    // Nobody decides over a cell that is not yet to be seen, however fast the keys come.
    if (!visible) setNote(label.notYet);
    else if (said.includes(term) || reason) put(term, reason || (mine?.term === term ? mine.reason : ""));
    else {
      setThird(term);
      setOpen("reason");
    }
  };
  const onTerm = (key: string, parent: boolean) => {
    const above = parent ? parentOf(taxonomy, key) : undefined;
    if (parent && !above) setNote(label.noParent);
    else decide(above?.key ?? key);
  };
  const onReason = (text: string) => {
    if (third !== undefined) put(third, text);
    else if (mine && (text || said.includes(mine.term))) put(mine.term, text);
    else if (item && !mine) setDraft(text ? { item: item.item, text } : undefined);
    setThird(undefined);
    setOpen(undefined);
  };
  const onTool = (tool: Tool, held = true) => {
    const acted: Record<Tool, () => void> = {
      undo: () => deciding.undo() || setNote(adjudicate.nothingToUndo),
      redo: () => deciding.redo() || setNote(adjudicate.nothingToRedo),
      next: () => deciding.step(1),
      previous: () => deciding.step(-1),
      forward: () => deciding.step(TEN),
      back: () => deciding.step(-TEN),
      skip: () => deciding.skip(),
      field: () => setField(held),
      zoom: () => stage.current?.zoomIn(),
      fit: () => stage.current?.fit(),
      comment: () => {
        setThird(undefined);
        setOpen("reason");
      },
      reference: () => undefined,
      other: () => setOpen("terms"),
      notWhite: () => setOpen("terms"),
    };
    flushSync(acted[tool]);
  };
  useLabelKeys({ acts, onTerm, onTool, onSheet: () => setOpen("keys"), rtl: words.dir === "rtl", off: false });

  if (!item) return null;
  const undecided = taxonomy.terms.find(({ kind }) => kind === "undecided")?.key;
  const names = item.opinions.map(({ term }) => termName(term, taxonomy, words));
  const name = adjudicate.cellName(place + 1, total, names.join(" / "));
  const nameOf = (key: string) => termName(key, taxonomy, words);
  return (
    <main id="content" className="label-room adjudicate-room">
      <HeadOf page={page} standing={standing} choices={choices} />
      <div className="label-main">
        <div className="label-stage">
          <Stage
            ref={stage}
            item={item.item}
            name={name}
            crop={crop}
            onRetry={retry}
            onSwipe={(to) => {
              if (to === "up") onTool("undo");
              else deciding.step((to === "left") === (words.dir === "ltr") ? 1 : -1);
            }}
          />
          {field ? <FieldLookOf round={round.id} item={item.item} /> : null}
          <Said last={last} nameOf={nameOf} note={note} onUndo={() => onTool("undo")} />
        </div>
        <div className="label-side">
          <Verdict page={page} standing={standing} item={item} draft={reason} nameOf={nameOf} />
          <Opinions round={round.id} experts={round.experts} dispute={item} taxonomy={taxonomy} disabled={!visible} onTerm={decide} />
          <Tools
            bindings={bindings}
            disabled={!visible}
            first={place === 0}
            final={place >= total - 1}
            standing={standing}
            undecided={undecided !== undefined && !said.includes(undecided) ? undecided : undefined}
            onTerm={decide}
            onTool={onTool}
            onKeys={() => setOpen("keys")}
          />
          <p className="quiet anonymous">{adjudicate.anonymous}</p>
        </div>
      </div>
      <p className="unseen" role="status">
        {name}
      </p>
      <TermDialog open={open === "terms"} notWhite={false} taxonomy={taxonomy} onTerm={decide} onClose={() => setOpen(undefined)} />
      <ReasonDialog
        open={open === "reason"}
        term={third === undefined ? undefined : nameOf(third)}
        before={third === undefined ? (mine?.reason ?? reason) : ""}
        onSave={onReason}
        onClose={() => {
          setThird(undefined);
          setOpen(undefined);
        }}
      />
      <KeysSheet open={open === "keys"} taxonomy={taxonomy} bindings={bindings} onClose={() => setOpen(undefined)} />
    </main>
  );
}
