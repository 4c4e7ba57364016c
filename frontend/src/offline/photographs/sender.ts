/** Photographs on their way to the service: kept first, then sent, two at a time, until the service has taken each in. */
import { getJson, type Problem, sendJson } from "../../api/client";
import type { Session } from "../../api/people";
import { newId } from "../events";
import { type Counting, inOrder, type Photograph, type SmearChoice } from "./photograph";
import { asHex, sha256 } from "./sha256";
import { type PhotoShelf, withRoom } from "./shelf";
import type { Stripped } from "./strip/strip";
import { isOfOne, isRefusal, isStop, NO_BYTES, OTHER_PERSON, troubleOf } from "./trouble";
import { giveUp, send, type UploadState } from "./tus";

const AT_ONCE = 2;
/** As many that the service has stay in the strip, the newest. */
const REMEMBERED = 200;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
const LOCK = "buffycoat.photographs";
const SMEARS = "/api/captures/smears";
const countingUrl = (field: string): string => `/api/captures/fields/${encodeURIComponent(field)}/counting`;

export interface PhotoStanding {
  /** Of the person who is signed in, the oldest first. */
  all: readonly Photograph[];
  waiting: number;
  refused: number;
  oldest: string | undefined;
  /** Handles of others whose photographs wait on this device. */
  others: readonly string[];
  /** What is being sent now, and how much of it is there, 0 to 1. */
  sending: ReadonlyMap<string, number>;
  problem: Problem | undefined;
  /** Whether what is kept outlives the page. */
  lasting: boolean;
  /** Whether a photograph found no room on the device, and lives in this page alone. */
  full: boolean;
  known: boolean;
}

export const NOTHING: PhotoStanding = {
  ...{ all: [], waiting: 0, refused: 0, oldest: undefined, others: [], sending: new Map() },
  ...{ problem: undefined, lasting: true, full: false, known: false },
};

export interface Shot {
  smear: SmearChoice;
  preset: string | null;
  counting: Counting;
  taken: string;
  small: ArrayBuffer | null;
}

const pauseOf = (times: number): number => Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (times - 1));

/** How long one is left alone that the service stumbles over, while the others go. */
interface Rest {
  times: number;
  until: number;
  problem: Problem;
}

export class Sender {
  standing: PhotoStanding = NOTHING;
  private readonly records = new Map<string, Photograph>();
  private readonly progress = new Map<string, number>();
  private readonly stops = new Map<string, AbortController>();
  /** Those that did not go in this run; they are tried again in the next. */
  private readonly held = new Set<string>();
  private readonly resting = new Map<string, Rest>();
  private readonly shelf: Promise<PhotoShelf>;
  private readonly ready: Promise<void>;
  private person: string | undefined;
  private running = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly watchers = new Set<() => void>();
  private readonly tabs = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(LOCK);

  constructor(shelf: Promise<PhotoShelf>) {
    this.shelf = shelf.then((first) => withRoom(first, () => this.told({ full: true })));
    this.ready = this.recall();
    const wake = () => this.wake();
    window.addEventListener("online", wake);
    window.addEventListener("focus", wake);
    document.addEventListener("visibilitychange", wake);
    if (this.tabs) this.tabs.onmessage = ({ data }: MessageEvent<string>) => void this.look(data);
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Whose photographs are sent; nobody's while nobody is signed in. */
  signIn(person: string | undefined): void {
    if (person === this.person) return;
    this.person = person;
    for (const stop of this.stops.values()) stop.abort();
    this.told({ problem: undefined });
    this.wake();
  }

  /** Keep a stripped photograph on this device; it is sent once it lies there. */
  async give(who: { id: string; handle: string }, { bytes, type, ending }: Stripped, shot: Shot): Promise<Photograph> {
    const given_at = new Date().toISOString();
    const photograph: Photograph = {
      ...{ client: newId(), person: who.id, handle: who.handle, given_at, type, size: bytes.length },
      ...shot,
      name: `${shot.smear.code.replace(/[^\w.-]/g, "_")}-${given_at.replace(/\D/g, "").slice(0, 17)}.${ending}`,
      digest: asHex(await sha256(bytes)),
      ...{ state: "waiting", upload: null, offset: 0, field: null, repeat: false, white_cells: null, refusal: "", detail: "" },
    };
    await (await this.shelf).keep(photograph, bytes);
    this.set(photograph);
    void this.run();
    return photograph;
  }

  /** Take one away that the service does not have yet, or that it refused. */
  async remove(client: string): Promise<void> {
    const known = this.records.get(client);
    this.stops.get(client)?.abort();
    await (await this.shelf).remove([client]);
    this.records.delete(client);
    this.resting.delete(client);
    this.tabs?.postMessage(client);
    this.told();
    if (known?.upload && known.state === "waiting") await giveUp(known.upload);
  }

  /** Say of one whether it lies in the counting area; the service is told the newest word, also where a part is there already. */
  async say(client: string, counting: Counting): Promise<void> {
    const known = this.records.get(client);
    const begun = this.stops.has(client) || Boolean(known?.upload);
    const now = await this.mark(client, { counting, ...(begun ? { corrected: true } : {}) });
    // It may have arrived while this was being kept.
    if (known && now?.state === "arrived" && now.counting !== known.counting) await this.tellAgain(now, known.counting);
  }

  /** What of this person the service does not have, as files. */
  async files(): Promise<File[]> {
    const shelf = await this.shelf;
    const mine = this.standing.all.filter(({ state }) => state !== "arrived");
    const all = await Promise.all(mine.map(async ({ client, name, type }) => ({ name, type, bytes: await shelf.bytes(client) })));
    return all.flatMap(({ name, type, bytes }) => (bytes ? [new File([bytes], name, { type })] : []));
  }

  async bytesOf(client: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return (await this.shelf).bytes(client);
  }

  /** Try now, whatever was waited for. */
  wake(): void {
    if (document.visibilityState === "hidden") return;
    clearTimeout(this.timer);
    this.failures = 0;
    this.resting.clear();
    void this.run();
  }

  private async recall(): Promise<void> {
    const shelf = await this.shelf;
    const all = await shelf.all().catch(() => []);
    for (const each of all) this.records.set(each.client, each);
    this.told({ lasting: shelf.lasting, known: true });
    void this.run();
  }

  /** Another tab has changed one. */
  private async look(client: string): Promise<void> {
    const now = await (await this.shelf).one(client);
    if (now) this.records.set(client, now);
    else this.records.delete(client);
    this.told();
  }

  private set(photograph: Photograph): void {
    this.records.set(photograph.client, photograph);
    this.tabs?.postMessage(photograph.client);
    this.told();
  }

  private next(): Photograph | undefined {
    const now = Date.now();
    return this.mine().find(({ client }) => !this.stops.has(client) && !this.held.has(client) && (this.resting.get(client)?.until ?? 0) <= now);
  }

  private mine(): Photograph[] {
    return inOrder(this.records.values()).filter(({ person, state }) => person === this.person && state === "waiting");
  }

  /** What the service stumbles over, and waits here for its next try. */
  private rests(): Rest[] {
    return this.mine().flatMap(({ client }) => this.resting.get(client) ?? []);
  }

  /** Send while anything waits. Of several tabs one does, as long as it lives; without TLS the service keeps them apart. */
  private async run(): Promise<void> {
    await this.ready;
    if (this.running || this.person === undefined) return;
    if (!this.next()) return this.afterRests();
    this.running = true;
    clearTimeout(this.timer);
    const work = async () => {
      const ends = await Promise.all(Array.from({ length: AT_ONCE }, () => this.work()));
      return ends.find((each) => each !== undefined);
    };
    let problem: Problem | undefined;
    try {
      problem = await (navigator.locks ? navigator.locks.request(LOCK, work) : work());
    } catch (reason) {
      problem = troubleOf(reason);
    }
    this.held.clear();
    this.running = false;
    if (problem) return this.failed(problem);
    this.failures = 0;
    this.told({ problem: this.rests()[0]?.problem });
    // What was given while the last one was on its way.
    if (this.next()) void this.run();
    else this.afterRests();
  }

  /** Go on when the first one that rests may be tried again. */
  private afterRests(): void {
    const rests = this.rests();
    if (rests.length === 0) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), Math.max(0, Math.min(...rests.map(({ until }) => until)) - Date.now()));
  }

  /** Send one after another; gives what stopped it, or what it had to leave behind. One that rests is told of elsewhere. */
  private async work(): Promise<Problem | undefined> {
    let left: Problem | undefined;
    for (let each = this.next(); each !== undefined; each = this.next()) {
      const stop = new AbortController();
      this.stops.set(each.client, stop);
      let reached = false;
      try {
        await this.confirmPerson();
        reached = true;
        await this.sendOne(each.client, stop.signal);
        this.resting.delete(each.client);
      } catch (reason) {
        // Taken away, or another person's turn: no news.
        if (stop.signal.aborted) continue;
        const problem = troubleOf(reason);
        // A service that does not even know who asks has trouble with all of them.
        if (!reached || !isOfOne(problem)) return problem;
        this.held.add(each.client);
        if (problem.status === 500) this.rest(each.client, problem);
        else left = problem;
      } finally {
        this.stops.delete(each.client);
        this.progress.delete(each.client);
        this.told();
      }
    }
    return left;
  }

  private rest(client: string, problem: Problem): void {
    const times = (this.resting.get(client)?.times ?? 0) + 1;
    this.resting.set(client, { times, until: Date.now() + pauseOf(times), problem });
  }

  private async sendOne(client: string, signal: AbortSignal): Promise<void> {
    const shelf = await this.shelf;
    // It may have been sent, or taken away, in another tab meanwhile.
    const photograph = await shelf.one(client);
    const bytes = photograph?.state === "waiting" ? await shelf.bytes(client) : undefined;
    if (!photograph || !bytes) {
      await this.look(client);
      // Nothing is left to be sent, whoever tries: told once, instead of tried for ever.
      if (this.records.get(client)?.state === "waiting") await this.mark(client, { state: "refused", refusal: NO_BYTES, detail: "" });
      return;
    }
    this.progress.set(client, 0);
    this.told();
    try {
      const smear = photograph.smear.id ?? (await this.smearOf(photograph.smear));
      const { preset, taken, digest } = photograph;
      const onProgress = (offset: number, upload: string) => {
        this.progress.set(client, offset / bytes.length);
        if (upload !== this.records.get(client)?.upload) void this.mark(client, { upload });
        this.told();
      };
      // The newest word of the counting area goes with each try.
      let told = photograph.counting;
      const newest = () => this.records.get(client) ?? photograph;
      const about = () => {
        told = newest().counting;
        return { client, smear, sha256: digest, preset: preset ?? "", counting: told, taken };
      };
      const state = await send({ bytes, about, onProgress, signal });
      await this.arrived(client, state, await this.keptCounting(newest(), told, state));
    } catch (reason) {
      if (signal.aborted) throw reason;
      const problem = troubleOf(reason);
      if (!isRefusal(problem)) throw reason;
      await this.mark(client, { state: "refused", refusal: problem.code, detail: problem.detail });
    }
  }

  /** Note what is now known of one. A full disk forgets it with the page, and it is found out once more. */
  private async mark(client: string, now: Partial<Photograph>, onLost?: () => void): Promise<Photograph | undefined> {
    const changed = await (await this.shelf).change(client, now).catch(() => {
      onLost?.();
      const known = this.records.get(client);
      return known && { ...known, ...now };
    });
    if (changed) this.set(changed);
    return changed;
  }

  private async tellCounting(field: string, counting: Counting): Promise<Counting> {
    return (await sendJson<{ in_counting_area: Counting }>("POST", countingUrl(field), { in_counting_area: counting })).in_counting_area;
  }

  /** What the service keeps of the counting area: told once more where the word changed on the way. */
  private async keptCounting({ client, corrected, counting }: Photograph, told: Counting, { state, field_id }: UploadState): Promise<Counting> {
    if (!corrected || state !== "arrived" || !field_id) return counting;
    try {
      return await this.tellCounting(field_id, counting);
    } catch (reason) {
      const { status } = troubleOf(reason);
      // The photograph is there, also where the service takes no more words of it.
      if (status === 403 || status === 404 || status === 409 || status === 422) {
        await this.mark(client, { counting: told });
        return told;
      }
      throw reason;
    }
  }

  /** A word that came when the photograph was there already: where it is not taken, the page goes back to the one that is kept. */
  private async tellAgain({ client, field, repeat, counting }: Photograph, kept: Counting): Promise<void> {
    if (!field || repeat) return;
    const now = await this.tellCounting(field, counting).catch(() => kept);
    if (now !== counting) await this.mark(client, { counting: now });
  }

  private async smearOf({ code, site }: SmearChoice): Promise<string> {
    const { id } = await sendJson<{ id: string }>("POST", SMEARS, { code, ...(site ? { site } : {}) });
    return id;
  }

  private async arrived(client: string, { field_id, state, white_cells }: UploadState, counting: Counting): Promise<void> {
    const shelf = await this.shelf;
    let lost = false;
    const changed = await this.mark(client, { state: "arrived", field: field_id, repeat: state === "repeat", white_cells }, () => {
      lost = true;
    });
    // What is still to be sent, by all that the next page will find here, must have its bytes.
    if (!lost) await shelf.empty(client).catch(() => undefined);
    // A word that came meanwhile.
    if (changed && changed.counting !== counting) await this.tellAgain(changed, counting);
    const old = this.standing.all.filter((each) => each.state === "arrived").slice(0, -REMEMBERED);
    if (old.length === 0) return;
    await shelf.remove(old.map((each) => each.client)).catch(() => undefined);
    for (const each of old) this.records.delete(each.client);
    this.told();
  }

  private async confirmPerson(): Promise<void> {
    const { person } = await getJson<Session>("/api/session");
    if (person && person.id !== this.person) throw OTHER_PERSON;
  }

  private failed(problem: Problem): void {
    this.failures += 1;
    this.told({ problem });
    if (isStop(problem)) return;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.failures - 1));
    this.timer = setTimeout(() => void this.run(), wait * (0.75 + Math.random() / 2));
  }

  private told(more: Partial<PhotoStanding> = {}): void {
    const everything = inOrder(this.records.values());
    const all = everything.filter(({ person }) => person === this.person);
    const waiting = all.filter(({ state }) => state === "waiting");
    const others = everything.filter(({ person, state }) => person !== this.person && state === "waiting").map(({ handle }) => handle);
    const refused = all.filter(({ state }) => state === "refused").length;
    const counted = { all, waiting: waiting.length, refused, oldest: waiting[0]?.given_at, others: [...new Set(others)], sending: new Map(this.progress) };
    this.standing = { ...this.standing, ...counted, ...more };
    for (const watcher of this.watchers) watcher();
  }
}
