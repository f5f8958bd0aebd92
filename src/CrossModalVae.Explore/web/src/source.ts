// Where data come from: the program that serves this page, or the page itself.
import { type Data, type RawMatch, type RawNearest, type Ranking, type Rows, toMatch } from "./data";

export interface Dropped {
  modality: "voice" | "face";
  x: number;
  y: number;
  ranking: Ranking;
}

export interface Source {
  readonly isFile: boolean;
  load(): Promise<Data>;
  ranking(row: number, rows: Rows, signal: AbortSignal): Promise<Ranking>;
  /** Null where there is none. */
  picture(row: number): string | null;
  sound(row: number): string | null;
  drop(file: Blob, rows: Rows): Promise<Dropped>;
  /** Follows the computation of ranks to its end. */
  ranks(rows: Rows, progress: (done: number, total: number) => void): Promise<void>;
}

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, init);
  } catch (e) {
    if (e instanceof DOMException && e.name === "AbortError") {
      throw e;
    }
    throw new Error("cmvae explore does not answer; was it stopped?");
  }
  if (!answer.ok) {
    throw new Error(await answer.text());
  }
  return (await answer.json()) as T;
}

/** The program that serves this page. Paths are relative: the token is in the page's own. */
class Served implements Source {
  readonly isFile = false;
  private data: Data | null = null;

  async load(): Promise<Data> {
    this.data = await ask<Data>("data");
    return this.data;
  }

  async ranking(row: number, rows: Rows, signal: AbortSignal): Promise<Ranking> {
    const raw = await ask<RawNearest>(`nearest/${row}`, { signal });
    return { matches: raw.matches.map((match) => toMatch(match, rows)), own: raw.own ? toMatch(raw.own, rows) : null };
  }

  picture(row: number): string | null {
    return this.data?.faces ? `face/${row}` : null;
  }

  sound(row: number): string | null {
    return this.data?.voices ? `voice/${row}` : null;
  }

  async drop(file: Blob, rows: Rows): Promise<Dropped> {
    const raw = await ask<{ modality: "voice" | "face"; x: number; y: number; nearest: RawNearest }>("drop", {
      method: "POST",
      body: file,
      headers: { "Content-Type": "application/octet-stream" },
    });
    const matches = raw.nearest.matches.map((match) => toMatch(match, rows));
    return { modality: raw.modality, x: raw.x, y: raw.y, ranking: { matches, own: null } };
  }

  async ranks(rows: Rows, progress: (done: number, total: number) => void): Promise<void> {
    for (;;) {
      const state = await ask<{ done: number; total: number; ranks?: number[] }>("ranks");
      progress(state.done, state.total);
      if (state.ranks) {
        rows.ranks = Int32Array.from(state.ranks);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** The page itself, written by --export. */
class Embedded implements Source {
  readonly isFile = true;
  private readonly data: Data;

  constructor(json: string) {
    this.data = JSON.parse(json) as Data;
  }

  load(): Promise<Data> {
    return Promise.resolve(this.data);
  }

  ranking(row: number, rows: Rows): Promise<Ranking> {
    const matches = (this.data.nearest?.[row] ?? []).map((match: RawMatch) => toMatch(match, rows));
    return Promise.resolve({ matches, own: null });
  }

  picture(row: number): string | null {
    const picture = this.data.pictures?.[this.mediaKey(row)];
    return picture ? `data:image/jpeg;base64,${picture}` : null;
  }

  sound(row: number): string | null {
    const sound = this.data.sounds?.[this.mediaKey(row)];
    return sound ? `data:audio/wav;base64,${sound}` : null;
  }

  drop(): Promise<Dropped> {
    return Promise.reject(new Error("This page is a file, which has no model to embed with."));
  }

  ranks(): Promise<void> {
    return Promise.resolve();
  }

  // Voice and face of a clip are one entry.
  private mediaKey(row: number): string {
    return `${this.data.people[this.data.persons[row]!]}/${this.data.clips[row]}`;
  }
}

export function findSource(): Source {
  const json = document.getElementById("data")?.textContent ?? "";
  return json.trim() === "" ? new Served() : new Embedded(json);
}
