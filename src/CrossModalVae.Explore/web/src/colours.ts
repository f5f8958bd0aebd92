// Colours that colour-blind readers tell apart (Okabe and Ito 2008; cividis, Nuñez, Anderton, Renslow 2018), and what they mean.
import { NO_CLUSTER, NOISE, RANK_NONE, RANK_UNKNOWN, type Rows } from "./data";

export type ColourBy = "modality" | "person" | "gender" | "split" | "cluster" | "error";

export interface Entry {
  label: string;
  colour: string;
}

const LIGHT = ["#0072b2", "#d55e00", "#009e73", "#b5568f", "#3f9fd0", "#b57f00", "#5d4b9c", "#7a5a3a"];
const DARK = ["#56b4e9", "#e69f00", "#00c896", "#e79ac6", "#9ad4f5", "#ff8a4a", "#b6a5f0", "#f0e442"];
const NONE = { light: "#767676", dark: "#8f8f8f" };
// Cividis, dark to light on light ground the other way round: the worst stands out.
const ERRORS = { light: ["#8fb3d9", "#6f7fa8", "#8a6d3b", "#a33c00"], dark: ["#5a80b4", "#7c8aa5", "#d6b656", "#fff2a8"] };
const ERROR_LABELS = ["first", "2 to 10", "11 to 50", "beyond 50"];

export function isDark(): boolean {
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

function errorBin(rank: number): number {
  return rank <= 1 ? 0 : rank <= 10 ? 1 : rank <= 50 ? 2 : 3;
}

/** A colour for each row, and the legend. */
export function colourRows(rows: Rows, by: ColourBy): { colours: Uint32Array; legend: Entry[]; note: string } {
  const dark = isDark();
  const palette = dark ? DARK : LIGHT, none = dark ? NONE.dark : NONE.light, errors = dark ? ERRORS.dark : ERRORS.light;
  const pick = (index: number): string => palette[index % palette.length]!;
  let legend: Entry[] = [];
  let note = "";
  let of: (row: number) => string;
  switch (by) {
    case "modality":
      legend = [{ label: "voice", colour: pick(0) }, { label: "face", colour: pick(1) }];
      of = (row) => pick(rows.isVoice(row) ? 0 : 1);
      break;
    case "gender":
      legend = [{ label: "female", colour: pick(1) }, { label: "male", colour: pick(0) }, { label: "not known", colour: none }];
      of = (row) => (rows.gender(row) === "f" ? pick(1) : rows.gender(row) === "m" ? pick(0) : none);
      break;
    case "split":
      legend = ["train", "validation", "test"].map((label, i) => ({ label, colour: pick(i) }));
      of = (row) => pick(["train", "validation", "test"].indexOf(rows.split(row)));
      break;
    case "cluster":
      legend = [{ label: "in no cluster", colour: none }];
      note = `Each cluster has one of ${palette.length} colours, which repeat.`;
      of = (row) => (rows.cluster(row) === NOISE || rows.cluster(row) === NO_CLUSTER ? none : pick(rows.cluster(row)));
      break;
    case "error":
      legend = [...ERROR_LABELS.map((label, i) => ({ label, colour: errors[i]! })), { label: "not asked", colour: none }];
      note = "The rank of the right person.";
      of = (row) => {
        const rank = rows.rank(row);
        return rank === RANK_NONE || rank === RANK_UNKNOWN ? none : errors[errorBin(rank)]!;
      };
      break;
    default:
      note = `Each person has one of ${palette.length} colours, which repeat.`;
      of = (row) => pick(rows.data.persons[row]!);
  }
  const colours = new Uint32Array(rows.count);
  const known = new Map<string, number>();
  for (let row = 0; row < rows.count; row++) {
    const text = of(row);
    let packed = known.get(text);
    if (packed === undefined) {
      packed = pack(text);
      known.set(text, packed);
    }
    colours[row] = packed;
  }
  return { colours, legend, note };
}

/** "#rrggbb" as a pixel of ImageData on a little-endian machine, which every browser's is. */
export function pack(colour: string): number {
  const value = Number.parseInt(colour.slice(1), 16);
  return ((255 << 24) | ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}
