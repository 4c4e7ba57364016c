/** Crops of the coming cells, loaded and decoded ahead, so that the next cell is painted in the frame after the key. */

export const AHEAD = 20;
const BEHIND = 4;
const AT_ONCE = 6;

export type Crop = { bitmap: ImageBitmap } | { failed: true };

export class Pictures {
  private readonly crops = new Map<string, Crop>();
  private readonly pending = new Map<string, AbortController>();
  private wanted: readonly string[] = [];
  private readonly watchers = new Set<() => void>();

  /** `taken`: a picture that was taken along, if it was. */
  constructor(private readonly taken: (url: string) => Promise<Blob | undefined> = () => Promise.resolve(undefined)) {}

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  at = (url: string | undefined): Crop | undefined => (url === undefined ? undefined : this.crops.get(url));

  /** What may be looked at next, the nearest first; what is not among it is let go. */
  want(urls: readonly string[]): void {
    this.wanted = urls;
    const wanted = new Set(urls);
    for (const [url, stop] of this.pending) if (!wanted.has(url)) stop.abort();
    for (const [url, crop] of this.crops) {
      if (wanted.has(url)) continue;
      if ("bitmap" in crop) crop.bitmap.close();
      this.crops.delete(url);
    }
    this.loadMore();
  }

  retry(url: string): void {
    this.crops.delete(url);
    this.loadMore();
  }

  close(): void {
    this.want([]);
  }

  private loadMore(): void {
    for (const url of this.wanted) {
      if (this.pending.size >= AT_ONCE) return;
      if (!this.crops.has(url) && !this.pending.has(url)) void this.load(url);
    }
  }

  private async load(url: string): Promise<void> {
    const stop = new AbortController();
    this.pending.set(url, stop);
    let crop: Crop | undefined;
    try {
      const here = await this.taken(url);
      const answer = here ? undefined : await fetch(url, { signal: stop.signal });
      const picture = here ?? (answer?.ok ? await answer.blob() : undefined);
      crop = picture ? { bitmap: await createImageBitmap(picture) } : { failed: true };
    } catch {
      crop = stop.signal.aborted ? undefined : { failed: true };
    }
    this.pending.delete(url);
    if (crop && this.wanted.includes(url)) {
      this.crops.set(url, crop);
      for (const watcher of this.watchers) watcher();
    } else if (crop && "bitmap" in crop) crop.bitmap.close();
    this.loadMore();
  }
}

/** Places around one, the nearest to be looked at first. */
export function around(place: number, total: number): number[] {
  const places = [place];
  for (let step = 1; step <= AHEAD; step += 1) {
    places.push(place + step);
    if (step <= BEHIND) places.push(place - step);
  }
  return places.filter((each) => each >= 0 && each < total);
}
