/** The kinds of events that wait on this device: where each goes, and what of it the service is sent. */
import { decisionsUrl } from "../api/adjudication";
import { address } from "../api/client";
import { answersUrl } from "../api/rounds";
import { asGiven as asDecision, type DecisionEvent } from "../rooms/adjudicate/events";
import { asGiven as asLabel, type GalleryEvent } from "../rooms/cells/sorting/events";
import { asGiven as asBox, type BoxEvent } from "../rooms/locate/boxes";
import { setsUrl as masksUrl } from "../rooms/masks/api";
import { asGiven as asMask, type MaskEvent } from "../rooms/masks/events";
import { asGiven as asAnswer, type LabelEvent } from "./events";

export type Queued = LabelEvent | GalleryEvent | BoxEvent | DecisionEvent | MaskEvent;
export type What = Queued["what"];
export type Of<W extends What> = Extract<Queued, { what: W }>;

interface Kind<E> {
  url: (event: E) => string;
  sent: (event: E) => unknown;
  /** As many that the service has stay for undoing, the newest. */
  remembered: number;
  /** Whether its address is one person's own: then the service itself refuses what comes from another. */
  personal: boolean;
  /** As many go in one call. */
  together: number;
}

const USUAL = 200;
/** Ten masks with all strokes that one may have fit into what the service takes at once. */
const MASKS = 10;

const KINDS: { [W in What]: Kind<Of<W>> } = {
  answer: { url: ({ round }) => answersUrl(round), sent: asAnswer, remembered: 2_000, personal: true, together: USUAL },
  label: { url: () => "/api/labels", sent: asLabel, remembered: 4_000, personal: false, together: USUAL },
  box: { url: ({ field }) => address("/api/fields/{field_id}/boxes", { field_id: field }), sent: asBox, remembered: 0, personal: false, together: USUAL },
  decision: { url: ({ round }) => decisionsUrl(round), sent: asDecision, remembered: 0, personal: false, together: USUAL },
  mask: { url: () => masksUrl, sent: asMask, remembered: 0, personal: false, together: MASKS },
};

const kindOf = <E extends Queued>({ what }: E): Kind<E> => KINDS[what] as unknown as Kind<E>;

/** Where an event is sent; events of one address go together. */
export const urlOf = (event: Queued): string => kindOf(event).url(event);
export const sentOf = (event: Queued): unknown => kindOf(event).sent(event);
export const isPersonal = (event: Queued): boolean => kindOf(event).personal;
export const togetherOf = (event: Queued): number => kindOf(event).together;
export const rememberedOf = (what: What): number => KINDS[what].remembered;

export const are = <W extends What>(events: readonly Queued[], what: W): Of<W>[] => events.filter((each): each is Of<W> => each.what === what);
