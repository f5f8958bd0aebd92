// What the page gives to take away.
import type { Rows } from "./data";

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows as CSV (RFC 4180), a header first. */
export function toCsv(rows: Rows, chosen: readonly number[]): string {
  const lines = chosen.map((row) =>
    [rows.identity(row), rows.clip(row), rows.modality(row), rows.split(row), clusterOf(rows, row) ?? "", rankOf(rows, row) ?? ""]
      .map((value) => quoted(String(value)))
      .join(","),
  );
  return ["identity,clip,modality,split,cluster,rank", ...lines].join("\r\n") + "\r\n";
}

/** The rows as JSON Lines. */
export function toJsonLines(rows: Rows, chosen: readonly number[]): string {
  return chosen
    .map(
      (row) =>
        JSON.stringify({
          identity: rows.identity(row),
          clip: rows.clip(row),
          modality: rows.modality(row),
          split: rows.split(row),
          cluster: clusterOf(rows, row),
          rank: rankOf(rows, row),
        }) + "\n",
    )
    .join("");
}

export function clusterOf(rows: Rows, row: number): number | null {
  return rows.cluster(row) >= -1 ? rows.cluster(row) : null;
}

export function rankOf(rows: Rows, row: number): number | null {
  return rows.rank(row) > 0 ? rows.rank(row) : null;
}

export function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type })), link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
