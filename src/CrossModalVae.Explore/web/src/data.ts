// What the page knows: columns of rows, as PageData.cs writes them.

export type RawMatch = [row: number, score: number, probability: number | null, identity?: string, clip?: string];

export interface RawNearest {
  matches: RawMatch[];
  own?: RawMatch;
}

export interface Clustering {
  method: string;
  modality: string;
  clusters: number;
  noise_share: number;
  adjusted_rand_index: number;
  normalised_mutual_information: number;
  purity: number;
  silhouette?: number;
}

export interface Data {
  name: string;
  layout: string;
  metric: string;
  notes: string[];
  people: string[];
  clips: string[];
  persons: number[];
  modalities: string;
  genders: string;
  splits: string;
  x: number[];
  y: number[];
  clusters?: number[];
  clustering?: Clustering;
  voice_gallery: { clips: number; people: number };
  face_gallery: { clips: number; people: number };
  calibrated: boolean;
  gallery: boolean;
  faces: boolean;
  voices: boolean;
  drop: boolean;
  // In a file only, which can ask nobody.
  ranks?: number[];
  nearest?: RawMatch[][];
  pictures?: Record<string, string>;
  sounds?: Record<string, string>;
}

/** A clip of a ranking. */
export interface Match {
  row: number;
  identity: string;
  clip: string;
  score: number;
  probability: number | null;
}

export interface Ranking {
  matches: Match[];
  own: Match | null;
}

export const NOISE = -1;
export const NO_CLUSTER = -2;
export const RANK_UNKNOWN = -1;
export const RANK_NONE = 0;

/** The rows of the map. */
export class Rows {
  readonly count: number;
  ranks: Int32Array | null = null;
  private readonly byPerson = new Map<number, number[]>();

  constructor(readonly data: Data) {
    this.count = data.persons.length;
    for (let row = 0; row < this.count; row++) {
      const person = data.persons[row]!;
      const own = this.byPerson.get(person);
      if (own) {
        own.push(row);
      } else {
        this.byPerson.set(person, [row]);
      }
    }
    if (data.ranks) {
      this.ranks = Int32Array.from(data.ranks);
    }
  }

  identity(row: number): string {
    return this.data.people[this.data.persons[row]!]!;
  }

  clip(row: number): string {
    return this.data.clips[row]!;
  }

  isVoice(row: number): boolean {
    return this.data.modalities[row] === "v";
  }

  modality(row: number): "voice" | "face" {
    return this.isVoice(row) ? "voice" : "face";
  }

  gender(row: number): string {
    return this.data.genders[row]!;
  }

  split(row: number): string {
    return SPLITS[this.data.splits[row]!]!;
  }

  cluster(row: number): number {
    return this.data.clusters?.[row] ?? NO_CLUSTER;
  }

  rank(row: number): number {
    return this.ranks?.[row] ?? RANK_UNKNOWN;
  }

  /** All rows of a row's person. */
  ofSamePerson(row: number): readonly number[] {
    return this.byPerson.get(this.data.persons[row]!) ?? [];
  }

  /** How many people a row's person is ranked among. */
  ranked(row: number): number {
    return this.isVoice(row) ? this.data.face_gallery.people : this.data.voice_gallery.people;
  }

  name(row: number): string {
    return `${this.identity(row)}/${this.clip(row)}`;
  }

  describe(row: number): string {
    const parts = [`${this.modality(row)} of ${this.name(row)}`, GENDERS[this.gender(row)] ?? "", `${this.split(row)} split`];
    const cluster = this.cluster(row);
    if (cluster !== NO_CLUSTER) {
      parts.push(cluster === NOISE ? "in no cluster" : `cluster ${cluster}`);
    }
    parts.push(this.describeRank(row));
    return parts.filter((part) => part !== "").join(", ");
  }

  describeRank(row: number): string {
    const rank = this.rank(row);
    return rank > 0 ? `right person at rank ${rank} of ${this.ranked(row)}` : rank === RANK_NONE ? "nobody to be found" : "";
  }
}

export const SPLITS: Record<string, string> = { t: "train", v: "validation", e: "test" };
export const GENDERS: Record<string, string> = { m: "male", f: "female" };

export function toMatch(raw: RawMatch, rows: Rows): Match {
  const [row, score, probability, identity, clip] = raw;
  return row >= 0
    ? { row, score, probability, identity: rows.identity(row), clip: rows.clip(row) }
    : { row, score, probability, identity: identity ?? "", clip: clip ?? "" };
}
