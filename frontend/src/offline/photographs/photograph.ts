/** A photograph on its way from this device to the service. */

export type Counting = "yes" | "no" | "unsaid";

/** The smear that a photograph shows: by its code, which is on the slide; its id is known once the service was asked. */
export interface SmearChoice {
  code: string;
  site?: string;
  id?: string;
}

export interface Photograph {
  /** This device's own id of it, for ever: sent twice, it counts once. */
  client: string;
  /** Id of the person whose photograph it is; nobody else sends or sees it. */
  person: string;
  handle: string;
  smear: SmearChoice;
  preset: string | null;
  counting: Counting;
  /** Whether that was said anew after a part of it had been sent: the service is told once more when it has all of it. */
  corrected?: boolean;
  /** The day, without a time. */
  taken: string;
  given_at: string;
  /** What it is called where it is saved as a file. */
  name: string;
  type: string;
  size: number;
  /** SHA-256 of the bytes that lie here, in hexadecimal digits. */
  digest: string;
  /** A small picture of it, as a JPEG; none where this browser cannot read it. */
  small: ArrayBuffer | null;
  state: "waiting" | "arrived" | "refused";
  /** Where the service takes it, and how much of it is there. */
  upload: string | null;
  offset: number;
  /** What the service made of it. */
  field: string | null;
  repeat: boolean;
  white_cells: number | null;
  /** Why the service did not take it: its code, and its sentence. */
  refusal: string;
  detail: string;
}

/** The older first. */
export const inOrder = (all: Iterable<Photograph>): Photograph[] =>
  [...all].sort((a, b) => a.given_at.localeCompare(b.given_at) || a.client.localeCompare(b.client));
