// What stands beside the map.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import WaveSurfer from "wavesurfer.js";
import { NOISE, NO_CLUSTER, type Match, type Ranking, type Rows } from "./data";
import { clusterOf, rankOf, save, toCsv, toJsonLines } from "./files";
import type { Source } from "./source";

const MOST_LISTED = 200;

export function percent(share: number): string {
  return share > 0 && share < 0.001 ? "< 0.1 %" : `${(100 * share).toFixed(1)} %`;
}

/** A clip's picture, or what stands for it. */
export function Picture(props: { source: Source; row: number; alt: string; class?: string }) {
  const [missing, setMissing] = useState(false);
  useEffect(() => setMissing(false), [props.row]);
  const url = props.row >= 0 ? props.source.picture(props.row) : null;
  return url && !missing ? (
    <img class={props.class} src={url} alt={props.alt} onError={() => setMissing(true)} />
  ) : (
    <span class={`blank ${props.class ?? ""}`} role="img" aria-label={`${props.alt}: no picture`}>
      ?
    </span>
  );
}

function Wave(props: { url: string; name: string }) {
  const place = useRef<HTMLDivElement>(null), player = useRef<WaveSurfer | null>(null);
  const [fault, setFault] = useState<string | null>(null), [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    setFault(null);
    setPlaying(false);
    const style = getComputedStyle(document.documentElement);
    const wave = WaveSurfer.create({
      container: place.current!,
      height: 48,
      waveColor: style.getPropertyValue("--soft"),
      progressColor: style.getPropertyValue("--accent"),
      cursorColor: style.getPropertyValue("--text"),
      url: props.url,
    });
    player.current = wave;
    wave.on("error", () => setFault("There is no sound: its file is missing or broken."));
    wave.on("play", () => setPlaying(true));
    wave.on("pause", () => setPlaying(false));
    wave.on("finish", () => setPlaying(false));
    return () => {
      player.current = null;
      wave.destroy();
    };
  }, [props.url]);
  return (
    <>
      <div class="wave" ref={place} aria-hidden="true" />
      <button type="button" disabled={fault !== null} onClick={() => void player.current?.playPause()}>
        {isPlaying ? "❚❚ Pause" : "▶ Play"}
        <span class="hidden"> the voice of {props.name}</span>
      </button>
      {fault ? <p class="fault">{fault}</p> : null}
    </>
  );
}

/** What a list does: opens a row, and points at it on the map, which plays it. */
interface Listed {
  source: Source;
  rows: Rows;
  open(row: number): void;
  point(row: number | null): void;
}

function pointing(props: Listed, row: number) {
  const leave = (): void => props.point(null);
  const enter = (): void => props.point(row >= 0 ? row : null);
  return { onMouseEnter: enter, onMouseLeave: leave, onFocus: enter, onBlur: leave };
}

function MatchRow(props: Listed & { match: Match; place: string; query: string | null }) {
  const { match, rows } = props, isRight = match.identity === props.query, name = `${match.identity}/${match.clip}`;
  return (
    <button
      type="button"
      class="row"
      disabled={match.row < 0}
      onClick={() => props.open(match.row)}
      {...pointing(props, match.row)}
    >
      <span>{props.place}</span>
      <Picture source={props.source} row={match.row} alt={`Face of ${name}`} />
      <span class="name">
        {name}
        <br />
        <span class="soft">
          {match.row >= 0 ? `${rows.split(match.row)}, ` : "in the gallery, "}score {match.score.toFixed(3)}
        </span>
      </span>
      <span>
        {props.query === null ? null : <span class={`mark ${isRight ? "right" : "wrong"}`}>{isRight ? "✓ right" : "✗ other"}</span>}
        {match.probability === null ? null : <br />}
        {match.probability === null ? null : (
          <>
            <span class="hidden">probability </span>
            {percent(match.probability)}
          </>
        )}
      </span>
    </button>
  );
}

export function Matches(props: Listed & { ranking: Ranking; query: string | null }) {
  const { ranking } = props;
  const isListed = ranking.own && ranking.matches.some((match) => match.identity === props.query);
  return (
    <>
      <ol class="matches">
        {ranking.matches.map((match, i) => (
          <li key={i}>
            <MatchRow {...props} match={match} place={String(i + 1)} />
          </li>
        ))}
      </ol>
      {ranking.matches.length === 0 ? <p class="soft">There is nothing of the other modality to rank.</p> : null}
      {ranking.own && !isListed ? (
        <>
          <p class="soft">The right person's nearest clip:</p>
          <MatchRow {...props} match={ranking.own} place="…" />
        </>
      ) : null}
    </>
  );
}

export function ClipPanel(
  props: Listed & { row: number | null; ranking: Ranking | null; fault: string | null; canGoBack: boolean; back(): void },
) {
  const { row, rows, source } = props;
  if (row === null) {
    return (
      <>
        <h2>No clip is chosen</h2>
        <p>Click a point of the map, or go to it by the arrow keys and press Enter.</p>
        <Keys />
      </>
    );
  }
  const sound = source.sound(row), other = rows.isVoice(row) ? "faces" : "voices";
  return (
    <>
      <div class="bar">
        <button type="button" disabled={!props.canGoBack} onClick={props.back}>
          ← Back
        </button>
      </div>
      <h2>
        {rows.isVoice(row) ? "Voice" : "Face"} of {rows.name(row)}
      </h2>
      <div class="clip">
        <Picture source={source} row={row} alt={`Face of ${rows.name(row)}`} />
        <p>{rows.describe(row)}</p>
      </div>
      {sound ? <Wave url={sound} name={rows.name(row)} /> : <p class="soft">There is no sound.</p>}
      <h2>The nearest {other}</h2>
      {props.fault ? <p class="fault">{props.fault}</p> : null}
      {props.ranking ? (
        <Matches {...props} ranking={props.ranking} query={rows.identity(row)} />
      ) : props.fault ? null : (
        <p class="soft">ranking…</p>
      )}
    </>
  );
}

export function Keys() {
  const keys: [string, string][] = [
    ["← ↑ → ↓", "to the nearest point in that direction"],
    ["Enter", "choose the point and rank"],
    ["p", "play the voice"],
    ["x", "put the point into the selection, or take it out"],
    ["v", "select all points in view"],
    ["b", "back to the clip before"],
    ["+ − 0", "nearer, farther, everything"],
    ["Shift + arrows", "move the map"],
    ["Esc", "nothing chosen"],
  ];
  return (
    <>
      <h2>Keys, while the map has the focus</h2>
      <table>
        <tbody>
          {keys.map(([key, what]) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** Shares of queries whose right person is among the first k. */
function matchShares(rows: Rows, voice: boolean): { ranks: number[]; people: number } {
  const ranks: number[] = [];
  for (let row = 0; row < rows.count; row++) {
    if (rows.isVoice(row) === voice && rows.rank(row) > 0) {
      ranks.push(rows.rank(row));
    }
  }
  ranks.sort((a, b) => a - b);
  return { ranks, people: voice ? rows.data.face_gallery.people : rows.data.voice_gallery.people };
}

function shareWithin(ranks: number[], k: number): number {
  let low = 0, high = ranks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranks[middle]! <= k) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return ranks.length === 0 ? 0 : low / ranks.length;
}

function Chart(props: { voices: ReturnType<typeof matchShares>; faces: ReturnType<typeof matchShares>; scheme: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const most = Math.max(2, props.voices.people, props.faces.people);
    const ks: number[] = [];
    for (let k = 1; k < most; k = Math.max(k + 1, Math.round(k * 1.12))) {
      ks.push(k);
    }
    ks.push(most);
    const style = getComputedStyle(document.documentElement), text = style.getPropertyValue("--text"), line = style.getPropertyValue("--line");
    const dark = props.scheme === "dark";
    const axis = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line } };
    const plot = new uPlot(
      {
        width: 350,
        height: 210,
        cursor: { show: false },
        legend: { show: false },
        scales: { x: { time: false, distr: 3, log: 10 }, y: { range: [0, 1] } },
        axes: [
          { ...axis, label: "rank k of the right person", labelSize: 18, size: 34 },
          { ...axis, size: 56, values: (_, values) => values.map((value) => `${Math.round(100 * value)} %`) },
        ],
        series: [
          {},
          { stroke: dark ? "#56b4e9" : "#0072b2", width: 2, points: { show: false } },
          { stroke: dark ? "#e69f00" : "#d55e00", width: 2, dash: [8, 4], points: { show: false } },
          { stroke: dark ? "#8f8f8f" : "#767676", width: 1.5, dash: [2, 4], points: { show: false } },
        ],
      },
      [
        ks,
        ks.map((k) => shareWithin(props.voices.ranks, k)),
        ks.map((k) => shareWithin(props.faces.ranks, k)),
        ks.map((k) => Math.min(1, k / most)),
      ],
      place.current!,
    );
    return () => plot.destroy();
  }, [props.voices, props.faces, props.scheme]);
  return (
    <div
      class="chart"
      ref={place}
      role="img"
      aria-label="Share of queries whose right person is among the first k: voices, a line; faces, dashed; chance, dotted. The same in words below."
    />
  );
}

export function ErrorPanel(props: Listed & { version: number; progress: [number, number]; scheme: string }) {
  const { rows } = props;
  const isReady = rows.ranks !== null;
  const voices = useMemo(() => matchShares(rows, true), [props.version]), faces = useMemo(() => matchShares(rows, false), [props.version]);
  const worst = useMemo(() => {
    const asked: number[] = [];
    for (let row = 0; row < rows.count; row++) {
      if (rows.rank(row) > 1) {
        asked.push(row);
      }
    }
    // The worst by share of the people ranked, so that both directions compare.
    return asked.sort((a, b) => rows.rank(b) / rows.ranked(b) - rows.rank(a) / rows.ranked(a) || a - b).slice(0, MOST_LISTED);
  }, [props.version]);
  if (!isReady) {
    const [done, total] = props.progress;
    return (
      <>
        <h2>Worst errors</h2>
        <label class="soft">
          ranking every clip: {done} of {total} <progress value={done} max={Math.max(1, total)} />
        </label>
      </>
    );
  }
  const sentence = (name: string, shares: typeof voices): string =>
    shares.ranks.length === 0
      ? `${name}: nobody can be found.`
      : `${name}: the right person is first for ${percent(shareWithin(shares.ranks, 1))} of ${shares.ranks.length} clips (chance `
        + `${percent(1 / shares.people)}), among the first ten for ${percent(shareWithin(shares.ranks, 10))} (chance `
        + `${percent(Math.min(1, 10 / shares.people))}).`;
  return (
    <>
      <h2>How often the right person is among the first</h2>
      {voices.ranks.length + faces.ranks.length > 0 ? <Chart voices={voices} faces={faces} scheme={props.scheme} /> : null}
      <p>{sentence("Voice to face (line)", voices)}</p>
      <p>{sentence("Face to voice (dashed)", faces)}</p>
      <h2>Worst errors</h2>
      <ol class="errors">
        {worst.map((row) => (
          <li key={row}>
            <button type="button" class="row" onClick={() => props.open(row)} {...pointing(props, row)}>
              <span aria-hidden="true">{rows.isVoice(row) ? "♪" : "☺"}</span>
              <Picture source={props.source} row={row} alt={`Face of ${rows.name(row)}`} />
              <span class="name">
                {rows.modality(row)} of {rows.name(row)}
              </span>
              <span class="mark">
                {rows.rank(row)} of {rows.ranked(row)}
              </span>
            </button>
          </li>
        ))}
      </ol>
      {worst.length === 0 ? <p class="soft">The right person is first everywhere.</p> : null}
    </>
  );
}

interface ClusterLine {
  cluster: number;
  rows: number;
  people: number;
  largest: string;
  share: number;
}

function clusterLines(rows: Rows): ClusterLine[] {
  const counts = new Map<number, Map<string, number>>();
  for (let row = 0; row < rows.count; row++) {
    const cluster = rows.cluster(row);
    if (cluster === NO_CLUSTER) {
      continue;
    }
    const own = counts.get(cluster) ?? new Map<string, number>();
    counts.set(cluster, own);
    own.set(rows.identity(row), (own.get(rows.identity(row)) ?? 0) + 1);
  }
  return [...counts.entries()]
    .map(([cluster, own]) => {
      const all = [...own.values()].reduce((sum, count) => sum + count, 0);
      const [largest, count] = [...own.entries()].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
      return { cluster, rows: all, people: own.size, largest, share: count / all };
    })
    .sort((a, b) => Number(a.cluster === NOISE) - Number(b.cluster === NOISE) || b.rows - a.rows || a.cluster - b.cluster);
}

export function ClusterPanel(props: { rows: Rows; filter: string; show(cluster: string): void }) {
  const lines = useMemo(() => clusterLines(props.rows), [props.rows]);
  const scores = props.rows.data.clustering;
  if (!scores) {
    return (
      <>
        <h2>Clusters</h2>
        <p>No clustering is given; <code>cmvae cluster</code> makes one, <code>--clusters</code> shows it.</p>
      </>
    );
  }
  const named: [string, string][] = [
    ["clusters", String(scores.clusters)],
    ["in no cluster", percent(scores.noise_share)],
    ["adjusted Rand index", scores.adjusted_rand_index.toFixed(3)],
    ["normalised mutual information", scores.normalised_mutual_information.toFixed(3)],
    ["purity", scores.purity.toFixed(3)],
    ...(scores.silhouette === undefined ? [] : ([["silhouette", scores.silhouette.toFixed(3)]] as [string, string][])),
  ];
  return (
    <>
      <h2>
        {scores.method.toUpperCase()} of the {scores.modality} embeddings
      </h2>
      <table>
        <tbody>
          {named.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>Clusters, the largest first</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">cluster</th>
            <th scope="col" class="number">rows</th>
            <th scope="col" class="number">people</th>
            <th scope="col">most of</th>
          </tr>
        </thead>
        <tbody>
          {lines.slice(0, MOST_LISTED).map((line) => {
            const name = line.cluster === NOISE ? "none" : String(line.cluster);
            return (
              <tr key={name}>
                <td>
                  <button
                    type="button"
                    aria-pressed={props.filter === String(line.cluster)}
                    aria-label={`Show cluster ${name}`}
                    onClick={() => props.show(props.filter === String(line.cluster) ? "" : String(line.cluster))}
                  >
                    {name}
                  </button>
                </td>
                <td class="number">{line.rows}</td>
                <td class="number">{line.people}</td>
                <td>
                  {line.largest} ({percent(line.share)})
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {lines.length > MOST_LISTED ? <p class="soft">{lines.length - MOST_LISTED} more clusters are not listed.</p> : null}
    </>
  );
}

export function SelectionPanel(props: { rows: Rows; chosen: readonly number[]; clear(): void; selectView(): void; open(row: number): void }) {
  const { rows, chosen } = props;
  const name = `cmvae-${rows.data.name.replaceAll(/[^A-Za-z0-9._-]+/g, "-")}-${chosen.length}`;
  return (
    <>
      <h2>
        Selection: {chosen.length} {chosen.length === 1 ? "row" : "rows"}
      </h2>
      <p class="soft">Draw a line around points with "Lasso" (or the Shift key), or add them one by one with the x key.</p>
      <div class="bar">
        <button type="button" onClick={props.selectView}>
          Select all in view
        </button>
        <button type="button" disabled={chosen.length === 0} onClick={() => save(`${name}.csv`, "text/csv", toCsv(rows, chosen))}>
          Save as CSV
        </button>
        <button
          type="button"
          disabled={chosen.length === 0}
          onClick={() => save(`${name}.jsonl`, "application/jsonl", toJsonLines(rows, chosen))}
        >
          Save as JSONL
        </button>
        <button type="button" disabled={chosen.length === 0} onClick={props.clear}>
          Clear
        </button>
      </div>
      {chosen.length > 0 ? (
        <table class="chosen">
          <thead>
            <tr>
              <th scope="col">clip</th>
              <th scope="col">kind</th>
              <th scope="col">split</th>
              <th scope="col" class="number">cluster</th>
              <th scope="col" class="number">rank</th>
            </tr>
          </thead>
          <tbody>
            {chosen.slice(0, MOST_LISTED).map((row) => (
              <tr key={row}>
                <td>
                  <button type="button" onClick={() => props.open(row)}>
                    {rows.name(row)}
                  </button>
                </td>
                <td>{rows.modality(row)}</td>
                <td>{rows.split(row)}</td>
                <td class="number">{rows.cluster(row) === NOISE ? "none" : (clusterOf(rows, row) ?? "")}</td>
                <td class="number">{rankOf(rows, row) ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {chosen.length > MOST_LISTED ? <p class="soft">The first {MOST_LISTED} are listed; the files have all.</p> : null}
    </>
  );
}
