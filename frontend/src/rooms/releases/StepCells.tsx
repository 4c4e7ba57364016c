/** Which cells, in which classes, split how: counted live, and the leaks that can be seen at once. */
import { useEffect, useState } from "react";
import { Checkbox, CheckboxGroup, Input, Label, NumberField } from "react-aria-components";

import { Failure, type Problem, sendJson } from "../../api/client";
import { useGet } from "../../api/resource";
import { Loading } from "../../parts/Notice";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { Choice } from "../people/Choice";
import { Counted } from "./Counted";
import type { ReleaseChoice, ReleasePreview } from "./draft";
import type { StepProps } from "./NewRelease";
import { QueryForm } from "./QueryForm";

const REST_MS = 250;
const MOST_SEED = 2 ** 31 - 1;

/** Counts of a choice, asked for once it rests. */
function useCounts(choice: ReleaseChoice): { counts: ReleasePreview | undefined; problem: Problem | undefined; busy: boolean } {
  const { query, level, rule, seed, allow_leaks } = choice;
  const asked = JSON.stringify({ query, level, rule, seed, allow_leaks });
  const [told, setTold] = useState<{ of: string; counts?: ReleasePreview; problem?: Problem }>();
  useEffect(() => {
    const stop = new AbortController();
    const rest = window.setTimeout(() => {
      sendJson<ReleasePreview>("POST", "/api/releasing/counts", { version: "0", ...(JSON.parse(asked) as object) }, stop.signal).then(
        (counts) => setTold({ of: asked, counts }),
        (reason: unknown) => {
          if (stop.signal.aborted) return;
          if (!(reason instanceof Failure)) throw reason;
          setTold({ of: asked, problem: reason.problem });
        },
      );
    }, REST_MS);
    return () => {
      window.clearTimeout(rest);
      stop.abort();
    };
  }, [asked]);
  const now = told?.of === asked;
  return { counts: told?.counts, problem: now ? told.problem : undefined, busy: !now };
}

export function StepCells({ draft, choices, onDraft }: StepProps) {
  const words = useWords();
  const { releases, label } = words;
  const { choice } = draft;
  const { data: queries, retry } = useGet("/api/queries");
  const put = (over: Partial<ReleaseChoice>) => onDraft({ ...draft, choice: { ...choice, ...over } });
  const { counts, problem, busy } = useCounts(choice);
  return (
    <>
      <div className="row-form">
        <Choice
          label={releases.query}
          value={choice.query}
          options={(queries ?? []).map((each) => {
            const { query, cells } = each;
            const name = words.query[query.id] ?? (query.title || query.id);
            return { id: query.id, name: typeof cells === "number" ? `${name} (${words.number(cells)})` : name };
          })}
          onChange={(query) => put({ query })}
        />
        <Choice label={releases.level} value={choice.level} options={choices.levels.map((id) => ({ id, name: label.levels[id] ?? id }))} onChange={(level) => put({ level })} />
        <Choice label={releases.rule} value={choice.rule} options={choices.rules.map((id) => ({ id, name: releases.rules[id] ?? id }))} onChange={(rule) => put({ rule })} />
        <NumberField className="text-field seed-field" value={choice.seed} onChange={(seed) => put({ seed: Number.isNaN(seed) ? 0 : seed })} minValue={0} maxValue={MOST_SEED} step={1}>
          <Label>{releases.seed}</Label>
          <Input />
        </NumberField>
      </div>
      <p className="quiet">{releases.ruleMeaning[choice.rule] ?? ""}</p>
      <QueryForm
        onSaved={(query) => {
          retry();
          put({ query });
        }}
      />
      {problem ? <Trouble problem={problem} /> : null}
      {counts === undefined && !problem ? <Loading /> : null}
      {counts && !problem ? (
        <div aria-busy={busy} data-rests={!busy || undefined} className="release-counts">
          <Counted preview={counts} />
          {counts.refused || choice.allow_leaks ? (
            <Checkbox className="check" isSelected={choice.allow_leaks} onChange={(allow_leaks) => put({ allow_leaks })}>
              <span className="check-box" aria-hidden="true" />
              <span>
                {releases.allowLeaks}
                <br />
                <span className="quiet">{releases.allowLeaksMeaning}</span>
              </span>
            </Checkbox>
          ) : null}
        </div>
      ) : null}
      <details className="mask-more">
        <summary>{releases.formats}</summary>
        <CheckboxGroup className="check-group formats" aria-label={releases.formats} value={[...choice.formats]} onChange={(formats) => formats.length > 0 && put({ formats: choices.formats.filter((each) => formats.includes(each)) })}>
          {choices.formats.map((format) => (
            <Checkbox key={format} value={format} className="check">
              <span className="check-box" aria-hidden="true" />
              <bdi>{format}</bdi>
            </Checkbox>
          ))}
        </CheckboxGroup>
      </details>
    </>
  );
}
