/** A queue of disputes, alive: items from the service, decisions back to it, crops loaded ahead. */
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";

import { type Asked, disputePicture, type DisputePage, disputesUrl, WINDOW } from "../../api/adjudication";
import { getJson, type Problem, problemOf } from "../../api/client";
import type { Person } from "../../api/people";
import { useQueue } from "../../offline/useQueue";
import { around, type Crop, Pictures } from "../label/pictures";
import { Deciding, type Standing } from "./deciding";

const NEVER = () => () => undefined;
const EMPTY = (): undefined => undefined;
export interface Alive {
  page: DisputePage | undefined;
  deciding: Deciding | undefined;
  standing: Standing | undefined;
  problem: Problem | undefined;
  retry: () => void;
}

/** All pages of what is asked; the first of them says how many there are. */
async function everything(round: string, asked: Asked, signal: AbortSignal): Promise<DisputePage> {
  const first = await getJson<DisputePage>(disputesUrl(round, asked, 0), signal);
  const items = [...first.items];
  for (let page = 1; page * WINDOW < first.total; page += 1) {
    items.push(...(await getJson<DisputePage>(disputesUrl(round, asked, page), signal)).items);
  }
  return { ...first, items };
}

export function useDeciding({ id, handle }: Person, round: string | null, { level, one, other }: Asked): Alive {
  const { queue } = useQueue();
  const [alive, setAlive] = useState<{ page: DisputePage; deciding: Deciding }>();
  const [problem, setProblem] = useState<Problem>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    setAlive(undefined);
    setProblem(undefined);
    if (round === null) return undefined;
    const stop = new AbortController();
    let deaf = () => {};
    const begin = async () => {
      // Asked for first: what is sent meanwhile is then in one of the two, or in both.
      const own = (await queue.ofKind(id, "decision")).filter((each) => each.round === round && each.state === "waiting");
      const page = await everything(round, { level, one, other }, stop.signal);
      if (stop.signal.aborted) return;
      const deciding = new Deciding(page.items, { person: id, handle, round }, (events) => void queue.give(events), own);
      deaf = queue.listen(deciding.hear);
      setAlive({ page, deciding });
    };
    begin().catch((reason: unknown) => {
      if (!stop.signal.aborted) setProblem(problemOf(reason));
    });
    return () => {
      stop.abort();
      deaf();
    };
  }, [queue, id, handle, round, level, one, other, tries]);
  const deciding = alive?.deciding;
  const standing = useSyncExternalStore(deciding?.subscribe ?? NEVER, deciding ? () => deciding.standing : EMPTY);
  const retry = useCallback(() => setTries((count) => count + 1), []);
  return { page: alive?.page, deciding, standing, problem, retry };
}

const SIDE = 768;

/** The crop of the cell in question, with those that may come next loaded ahead. */
export function useDisputeCrop(round: string, deciding: Deciding | undefined, place: number, total: number): { crop: Crop | undefined; retry: () => void } {
  const pictures = useMemo(() => new Pictures(), []);
  const item = deciding?.at(place)?.item;
  const url = item === undefined ? undefined : disputePicture(round, item, SIDE);
  useEffect(() => {
    const coming = around(place, total).map((each) => deciding?.at(each)?.item);
    pictures.want(coming.filter((each) => each !== undefined).map((each) => disputePicture(round, each, SIDE)));
  }, [pictures, deciding, round, place, total]);
  useEffect(() => () => pictures.close(), [pictures]);
  const crop = useSyncExternalStore(pictures.subscribe, () => pictures.at(url));
  return { crop, retry: () => url !== undefined && pictures.retry(url) };
}
