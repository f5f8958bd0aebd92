// The page: a map, and beside it the chosen clip, errors, clusters and the selection.
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { colourRows, isDark, type ColourBy } from "./colours";
import { GENDERS, type Ranking, type Rows } from "./data";
import { MapView, type MapEvents } from "./map";
import { ClipPanel, ClusterPanel, ErrorPanel, Matches, Picture, SelectionPanel } from "./panels";
import { play, stop } from "./player";
import type { Dropped, Source } from "./source";

type Tab = "clip" | "errors" | "clusters" | "selection";

const TABS: [Tab, string][] = [["clip", "Clip"], ["errors", "Errors"], ["clusters", "Clusters"], ["selection", "Selection"]];
const HOVER_DELAY = 180; // milliseconds of rest on a point before its voice plays
const MOST_FOUND = 30;
const LARGEST_DROP = 32 << 20; // bytes, as ExploreServer.LargestDrop

interface Filters {
  modality: string;
  person: string;
  gender: string;
  split: string;
  cluster: string;
  error: string;
}

const NO_FILTERS: Filters = { modality: "", person: "", gender: "", split: "", cluster: "", error: "" };

function shownRows(rows: Rows, filters: Filters): Uint8Array {
  const shown = new Uint8Array(rows.count), least = Number(filters.error), person = filters.person.toLowerCase();
  const people = rows.data.people.map((name) => person === "" || name.toLowerCase().includes(person));
  for (let row = 0; row < rows.count; row++) {
    const isShown =
      people[rows.data.persons[row]!]!
      && (filters.modality === "" || rows.modality(row) === filters.modality)
      && (filters.gender === "" || rows.gender(row) === filters.gender)
      && (filters.split === "" || rows.split(row) === filters.split)
      && (filters.cluster === "" || rows.cluster(row) === Number(filters.cluster))
      && (filters.error === "" || rows.rank(row) > least);
    shown[row] = isShown ? 1 : 0;
  }
  return shown;
}

function Select(props: { label: string; value: string; options: [string, string][]; change(value: string): void }) {
  return (
    <label>
      {props.label}
      <select aria-label={props.label} value={props.value} onChange={(event) => props.change(event.currentTarget.value)}>
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Search(props: { rows: Rows; open(row: number): void }) {
  const [text, setText] = useState(""), [isOpen, setOpen] = useState(false);
  const found = useMemo(() => {
    const wanted = text.trim().toLowerCase(), list: number[] = [];
    for (let row = 0; wanted !== "" && row < props.rows.count && list.length < MOST_FOUND; row++) {
      if (props.rows.name(row).toLowerCase().includes(wanted)) {
        list.push(row);
      }
    }
    return list;
  }, [text, props.rows]);
  const open = (row: number): void => {
    setOpen(false);
    props.open(row);
  };
  const place = useRef<HTMLDivElement>(null);
  return (
    <div
      class="search"
      ref={place}
      onKeyDown={(event) => event.key === "Escape" && setOpen(false)}
      onFocusOut={(event) => !place.current?.contains(event.relatedTarget as Node | null) && setOpen(false)}
    >
      <label>
        <span class="hidden">Search by identity or clip</span>
        <input
          type="search"
          placeholder="identity/clip"
          value={text}
          onInput={(event) => (setText(event.currentTarget.value), setOpen(true))}
          onFocus={() => setOpen(true)}
          onKeyDown={(event) => event.key === "Enter" && found[0] !== undefined && open(found[0])}
        />
      </label>
      {isOpen && text.trim() !== "" ? (
        <ul class="found" aria-label="Found">
          {found.map((row) => (
            <li key={row}>
              <button type="button" onClick={() => open(row)}>
                {props.rows.modality(row)} of {props.rows.name(row)}
              </button>
            </li>
          ))}
          {found.length === 0 ? <li>nothing found</li> : null}
          {found.length === MOST_FOUND ? <li class="soft">the first {MOST_FOUND}</li> : null}
        </ul>
      ) : null}
    </div>
  );
}

export function App(props: { source: Source; rows: Rows }) {
  const { source, rows } = props;
  const host = useRef<HTMLDivElement>(null), view = useRef<MapView | null>(null), input = useRef<HTMLInputElement>(null);
  const [tab, setTab] = useState<Tab>("clip");
  const [colourBy, setColourBy] = useState<ColourBy>("modality");
  const [filters, setFilters] = useState<Filters>(NO_FILTERS);
  const [hovered, setHovered] = useState<number | null>(null);
  const [selected, setSelected] = useState<number | null>(null);
  const [history, setHistory] = useState<readonly number[]>([]);
  const [ranking, setRanking] = useState<Ranking | null>(null);
  const [rankingFault, setRankingFault] = useState<string | null>(null);
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const [isLasso, setLasso] = useState(false);
  const [playsOnHover, setPlaysOnHover] = useState(true);
  const [version, setVersion] = useState(0); // of the ranks
  const [progress, setProgress] = useState<[number, number]>([0, 0]);
  const [scheme, setScheme] = useState(isDark() ? "dark" : "light");
  const [dropped, setDropped] = useState<(Dropped & { name: string }) | null>(null);
  const [dropState, setDropState] = useState<string | null>(null);
  const [isDragging, setDragging] = useState(false);
  const [fault, setFault] = useState<string | null>(null);

  const open = useCallback((row: number) => {
    if (row < 0) {
      return;
    }
    setDropped(null);
    setHovered(null);
    setSelected((before) => {
      if (before !== null && before !== row) {
        setHistory((list) => [...list, before]);
      }
      return row;
    });
    setTab("clip");
    view.current?.reveal(row);
  }, []);

  const back = useCallback(() => {
    setHistory((list) => {
      const last = list.at(-1);
      if (last === undefined) {
        return list;
      }
      setSelected(last);
      view.current?.reveal(last);
      return list.slice(0, -1);
    });
    setDropped(null);
    setTab("clip");
  }, []);

  const playRow = useCallback(
    (row: number | null) => {
      const sound = row === null ? null : source.sound(row);
      if (sound) {
        play(sound);
      }
    },
    [source],
  );

  // The map calls what is current, and is made once.
  const events = useRef<MapEvents>(null!);
  events.current = {
    hover: setHovered,
    select: open,
    lasso: (found) => {
      setChosen(found);
      setTab("selection");
    },
    key: (key, row) => {
      switch (key) {
        case "p":
          playRow(row);
          return true;
        case "b":
          back();
          return true;
        case "v":
          setChosen(view.current?.inView() ?? []);
          setTab("selection");
          return true;
        case "x":
          if (row !== null) {
            setChosen((list) => (list.includes(row) ? list.filter((one) => one !== row) : [...list, row]));
          }
          return true;
        case "Escape":
          setHovered(null);
          setSelected(null);
          setDropped(null);
          stop();
          return true;
        default:
          return false;
      }
    },
  };

  useEffect(() => {
    const map = new MapView(host.current!, rows, {
      hover: (row) => events.current.hover(row),
      select: (row) => events.current.select(row),
      lasso: (found) => events.current.lasso(found),
      key: (key, row) => events.current.key(key, row),
    });
    view.current = map;
    (window as unknown as { cmvaeMap?: MapView }).cmvaeMap = map; // for measuring frames
    return () => map.dispose();
  }, [rows]);

  useEffect(() => {
    source
      .ranks(rows, (done, total) => setProgress([done, total]))
      .then(() => setVersion((before) => before + 1))
      .catch((e: unknown) => setFault(e instanceof Error ? e.message : String(e)));
  }, [source, rows]);

  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)"), change = (): void => setScheme(isDark() ? "dark" : "light");
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);

  const colours = useMemo(() => colourRows(rows, colourBy), [rows, colourBy, version, scheme]);
  const shown = useMemo(() => shownRows(rows, filters), [rows, filters, version]);
  const shownCount = useMemo(() => shown.reduce((sum, one) => sum + one, 0), [shown]);
  useEffect(() => view.current?.setColours(colours.colours), [colours]);
  useEffect(() => view.current?.setShown(shown), [shown]);
  useEffect(() => {
    const person = selected ?? hovered;
    view.current?.setOverlay({
      selected,
      hovered,
      joined: person === null || dropped ? [] : rows.ofSamePerson(person).filter((row) => shown[row] === 1),
      ranked: dropped ? dropped.ranking.matches.map((match) => match.row) : (ranking?.matches.map((match) => match.row) ?? []),
      chosen: new Set(chosen),
      dropped: dropped ? { x: dropped.x, y: dropped.y } : null,
    });
  }, [selected, hovered, ranking, chosen, shown, rows, scheme, dropped]);

  useEffect(() => {
    setRanking(null);
    setRankingFault(null);
    if (selected === null) {
      return undefined;
    }
    const stopAsking = new AbortController();
    source
      .ranking(selected, rows, stopAsking.signal)
      .then(setRanking)
      .catch((e: unknown) => {
        if (!stopAsking.signal.aborted) {
          setRankingFault(e instanceof Error ? e.message : String(e));
        }
      });
    return () => stopAsking.abort();
  }, [selected, rows, source]);

  useEffect(() => {
    if (hovered === null || !playsOnHover) {
      return undefined;
    }
    const timer = setTimeout(() => playRow(hovered), HOVER_DELAY);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [hovered, playsOnHover, playRow]);

  const drop = useCallback(
    async (file: File) => {
      if (file.size > LARGEST_DROP) {
        setDropState(`${file.name}: The file is too large; expected at most ${LARGEST_DROP >> 20} MiB.`);
        setTab("clip");
        return;
      }
      setDropState(`embedding ${file.name}…`);
      setDropped(null);
      setTab("clip");
      try {
        const result = await source.drop(file, rows);
        setSelected(null);
        setDropped({ ...result, name: file.name });
        setDropState(null);
      } catch (e) {
        setDropState(`${file.name}: ${e instanceof Error ? e.message : String(e)}`);
      }
    },
    [source, rows],
  );

  const toggleLasso = (): void => {
    setLasso(!isLasso);
    view.current!.isLasso = !isLasso; // at once: the next press may follow
  };
  const set = (name: keyof Filters) => (value: string) => setFilters((before) => ({ ...before, [name]: value }));
  const hasClusters = rows.data.clusters !== undefined;
  const tip = hovered !== null && view.current ? view.current.place(hovered) : null;
  // A row that a list points at may lie outside the picture.
  const isInside = ([x, y]: [number, number]): boolean =>
    x >= 0 && y >= 0 && x <= (host.current?.clientWidth ?? 0) && y <= (host.current?.clientHeight ?? 0);
  const options = (values: string[], all = "all"): [string, string][] => [["", all], ...values.map((value): [string, string] => [value, value])];

  return (
    <div
      class="page"
      onDragOver={(event) => {
        event.preventDefault(); // else the browser would leave the page for the file
        setDragging(rows.data.drop);
      }}
      onDragLeave={(event) => event.relatedTarget === null && setDragging(false)}
      onDrop={(event) => {
        event.preventDefault();
        setDragging(false);
        const file = event.dataTransfer?.files[0];
        if (file) {
          void drop(file);
        }
      }}
    >
      <header>
        <h1>{rows.data.name}</h1>
        <span class="soft">
          {shownCount === rows.count ? rows.count : `${shownCount} of ${rows.count}`} rows, {rows.data.people.length}{" "}
          {rows.data.people.length === 1 ? "person" : "people"}, {rows.data.layout}
        </span>
        <Search rows={rows} open={open} />
        <Select
          label="Colour"
          value={colourBy}
          options={[
            ["modality", "voice or face"],
            ["person", "person"],
            ["gender", "gender"],
            ["split", "split"],
            ...(hasClusters ? ([["cluster", "cluster"]] as [string, string][]) : []),
            ["error", "error"],
          ]}
          change={(value) => setColourBy(value as ColourBy)}
        />
        <Select label="Show" value={filters.modality} options={options(["voice", "face"], "both")} change={set("modality")} />
        <label>
          Person
          <input
            type="text"
            size={9}
            placeholder="all"
            value={filters.person}
            onInput={(event) => set("person")(event.currentTarget.value)}
          />
        </label>
        <Select
          label="Gender"
          value={filters.gender}
          options={[["", "all"], ...(["f", "m"].map((letter): [string, string] => [letter, GENDERS[letter]!]))]}
          change={set("gender")}
        />
        <Select label="Split" value={filters.split} options={options(["train", "validation", "test"])} change={set("split")} />
        {hasClusters ? (
          <label>
            Cluster
            <input
              type="text"
              size={4}
              placeholder="all"
              value={filters.cluster}
              onInput={(event) => set("cluster")(/^-?\d*$/.test(event.currentTarget.value) ? event.currentTarget.value : "")}
            />
          </label>
        ) : null}
        <Select
          label="Errors"
          value={filters.error}
          options={[
            ["", "all"],
            ["1", "right person not first"],
            ["10", "not among ten"],
            ["50", "not among fifty"],
          ]}
          change={set("error")}
        />
        <button type="button" onClick={() => setFilters(NO_FILTERS)}>
          Show all
        </button>
        <button type="button" aria-pressed={isLasso} onClick={toggleLasso}>
          Lasso
        </button>
        <button type="button" onClick={() => view.current?.fit()}>
          Whole map
        </button>
        {rows.data.voices ? (
          <label>
            <input type="checkbox" checked={playsOnHover} onChange={(event) => setPlaysOnHover(event.currentTarget.checked)} />
            play on hover
          </label>
        ) : null}
        {rows.data.drop ? (
          <>
            <button type="button" onClick={() => input.current?.click()}>
              Embed a file…
            </button>
            <input
              ref={input}
              type="file"
              class="hidden"
              tabIndex={-1}
              aria-label="A wav, jpg or png file to embed"
              accept=".wav,.jpg,.jpeg,.png"
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                event.currentTarget.value = "";
                if (file) {
                  void drop(file);
                }
              }}
            />
          </>
        ) : null}
        {rows.data.notes.length > 0 || fault ? (
          <ul class="notes soft" aria-label="Notes">
            {rows.data.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
            {fault ? <li class="fault">{fault}</li> : null}
          </ul>
        ) : null}
      </header>
      <main class="place" aria-label="Map">
        <div
          ref={host}
          class="map"
          tabIndex={0}
          role="application"
          aria-label={`Map of ${shownCount} voices and faces. Arrow keys go from point to point, Enter chooses, p plays.`}
          aria-describedby="now"
          onBlur={() => setHovered(null)}
        />
        <p id="now" class="hidden" aria-live="polite">
          {hovered === null ? "" : rows.describe(hovered)}
        </p>
        <div class="legend">
          <ul>
            <li>● voice ■ face</li>
            {colours.legend.map((entry) => (
              <li key={entry.label}>
                <span class="swatch" style={{ background: entry.colour }} />
                {entry.label}
              </li>
            ))}
          </ul>
          {colours.note ? <p class="soft">{colours.note}</p> : null}
        </div>
        {hovered !== null && tip && isInside(tip) ? (
          <div
            class="tip"
            aria-hidden="true"
            style={{
              left: `${Math.max(0, Math.min(tip[0] + 16, (host.current?.clientWidth ?? 0) - 270))}px`,
              ...(tip[1] > (host.current?.clientHeight ?? 0) / 2
                ? { bottom: `${(host.current?.clientHeight ?? 0) - tip[1] + 16}px` }
                : { top: `${tip[1] + 16}px` }),
            }}
          >
            {source.picture(hovered) ? <Picture source={source} row={hovered} alt="" /> : null}
            <strong>{rows.name(hovered)}</strong>
            <br />
            {rows.describe(hovered)}
          </div>
        ) : null}
        {isDragging ? <div class="drop">Drop a wav, jpg or png file</div> : null}
      </main>
      <aside class="side" aria-label="Details">
        <div role="tablist" aria-label="Details">
          {TABS.map(([name, text]) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`tab-${name}`}
              aria-selected={tab === name}
              aria-controls="panel"
              tabIndex={tab === name ? 0 : -1}
              onClick={() => setTab(name)}
              onKeyDown={(event) => {
                const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
                if (step !== 0) {
                  const next = TABS[(TABS.findIndex((one) => one[0] === name) + step + TABS.length) % TABS.length]![0];
                  setTab(next);
                  document.getElementById(`tab-${next}`)?.focus();
                }
              }}
            >
              {name === "selection" && chosen.length > 0 ? `${text} (${chosen.length})` : text}
            </button>
          ))}
        </div>
        <div role="tabpanel" id="panel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
          {tab === "clip" && dropState ? (
            <p role="status" class={dropState.startsWith("embedding ") ? "soft" : "fault"}>
              {dropState}
            </p>
          ) : null}
          {tab === "clip" && dropped ? (
            <>
              <h2>
                {dropped.modality === "voice" ? "Voice" : "Face"} of the file {dropped.name}
              </h2>
              <p class="soft">
                The star on the map: the mean of the places of its five nearest {dropped.modality}s. Nothing is kept of the file.
              </p>
              <h2>The nearest {dropped.modality === "voice" ? "faces" : "voices"}</h2>
              <Matches source={source} rows={rows} ranking={dropped.ranking} query={null} open={open} point={setHovered} />
            </>
          ) : tab === "clip" ? (
            <ClipPanel
              source={source}
              rows={rows}
              row={selected}
              ranking={ranking}
              fault={rankingFault}
              canGoBack={history.length > 0}
              back={back}
              open={open}
              point={setHovered}
            />
          ) : tab === "errors" ? (
            <ErrorPanel source={source} rows={rows} version={version} progress={progress} scheme={scheme} open={open} point={setHovered} />
          ) : tab === "clusters" ? (
            <ClusterPanel rows={rows} filter={filters.cluster} show={set("cluster")} />
          ) : (
            <SelectionPanel
              rows={rows}
              chosen={chosen}
              clear={() => setChosen([])}
              selectView={() => setChosen(view.current?.inView() ?? [])}
              open={open}
            />
          )}
        </div>
      </aside>
    </div>
  );
}
