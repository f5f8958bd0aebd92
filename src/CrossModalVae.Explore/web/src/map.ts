// The map: two canvases, one of points and one of what is drawn over them; pan, zoom, hover, lasso, keys.
import KDBush from "kdbush";
import { pack } from "./colours";
import type { Rows } from "./data";
import { Raster } from "./raster";

export interface MapEvents {
  hover(row: number | null): void;
  select(row: number): void;
  lasso(rows: number[]): void;
  /** A key that the map has no use for itself; true where it was taken. */
  key(key: string, row: number | null): boolean;
}

/** What is drawn over the points. */
export interface Overlay {
  selected: number | null;
  hovered: number | null;
  /** Rows of a person: a line joins the voices and the faces. */
  joined: readonly number[];
  /** Rows of a ranking, nearest first. */
  ranked: readonly number[];
  chosen: ReadonlySet<number>;
  dropped: { x: number; y: number } | null;
}

const NEAR = 14; // pixels from a point that still mean it
const MOST_RINGS = 3000; // of chosen points: more would take longer than a frame, and nobody could tell them apart

export class MapView {
  private readonly points: CanvasRenderingContext2D;
  private readonly above: CanvasRenderingContext2D;
  private readonly raster = new Raster();
  private readonly x: Float32Array;
  private readonly y: Float32Array;
  private readonly isVoice: Uint8Array;
  private readonly index: KDBush;
  private readonly middle: [number, number];
  private readonly extent: number;
  private readonly observer: ResizeObserver;
  private readonly stop = new AbortController();
  private colours: Uint32Array;
  private shown: Uint8Array;
  private overlay: Overlay = { selected: null, hovered: null, joined: [], ranked: [], chosen: new Set(), dropped: null };
  private scale = 1; // device pixels of one unit
  private left = 0;
  private top = 0;
  private ratio = 1;
  private isFitted = true;
  private requested = 0;
  private arePointsStale = true;
  private drag: { x: number; y: number; moved: boolean; path: [number, number][] | null } | null = null;
  private animation: { from: [number, number]; to: [number, number]; start: number } | null = null;
  isLasso = false;
  /** Frames drawn, for measuring. */
  frames = 0;

  constructor(
    private readonly host: HTMLElement,
    private readonly rows: Rows,
    private readonly events: MapEvents,
  ) {
    const pointCanvas = document.createElement("canvas"), aboveCanvas = document.createElement("canvas");
    host.append(pointCanvas, aboveCanvas);
    this.points = pointCanvas.getContext("2d", { alpha: false })!;
    this.above = aboveCanvas.getContext("2d")!;
    this.x = Float32Array.from(rows.data.x);
    this.y = Float32Array.from(rows.data.y, (value) => -value);
    this.isVoice = Uint8Array.from(rows.data.modalities, (letter) => (letter === "v" ? 1 : 0));
    this.colours = new Uint32Array(rows.count);
    this.shown = new Uint8Array(rows.count).fill(1);
    this.index = new KDBush(rows.count, 16, Float32Array);
    let [lowX, highX, lowY, highY] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let row = 0; row < rows.count; row++) {
      const x = this.x[row]!, y = this.y[row]!;
      this.index.add(x, y);
      [lowX, highX, lowY, highY] = [Math.min(lowX, x), Math.max(highX, x), Math.min(lowY, y), Math.max(highY, y)];
    }
    this.index.finish();
    this.middle = [(lowX + highX) / 2, (lowY + highY) / 2];
    this.extent = Math.max(highX - lowX, highY - lowY) || 1;
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
    this.listen();
    this.resize();
  }

  dispose(): void {
    this.observer.disconnect();
    this.stop.abort();
    cancelAnimationFrame(this.requested);
    this.host.replaceChildren();
  }

  setColours(colours: Uint32Array): void {
    this.colours = colours;
    this.redraw();
  }

  setShown(shown: Uint8Array): void {
    this.shown = shown;
    this.redraw();
  }

  setOverlay(overlay: Overlay): void {
    this.overlay = overlay;
    this.request();
  }

  /** Draws again, as after a change of the colour scheme. */
  redraw(): void {
    this.arePointsStale = true;
    this.request();
  }

  /** Shows all points. */
  fit(): void {
    const { width, height } = this.points.canvas;
    this.scale = (0.92 * Math.min(width, height)) / this.extent;
    this.left = width / 2 - this.middle[0] * this.scale;
    this.top = height / 2 - this.middle[1] * this.scale;
    this.isFitted = true;
    this.redraw();
  }

  zoom(factor: number, atX = this.points.canvas.width / 2, atY = this.points.canvas.height / 2): void {
    const least = (0.2 * Math.min(this.points.canvas.width, this.points.canvas.height)) / this.extent;
    const scale = Math.min(Math.max(this.scale * factor, least), least * 20000);
    this.left = atX - ((atX - this.left) * scale) / this.scale;
    this.top = atY - ((atY - this.top) * scale) / this.scale;
    this.scale = scale;
    this.isFitted = false;
    this.redraw();
  }

  pan(dx: number, dy: number): void {
    this.left += dx;
    this.top += dy;
    this.isFitted = false;
    this.redraw();
  }

  /** Brings a row into the picture where it is not. */
  reveal(row: number): void {
    const [px, py] = this.at(row), { width, height } = this.points.canvas, margin = 40 * this.ratio;
    if (px >= margin && py >= margin && px < width - margin && py < height - margin) {
      return;
    }
    this.isFitted = false;
    const to: [number, number] = [this.left + width / 2 - px, this.top + height / 2 - py];
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      [this.left, this.top] = to;
    } else {
      this.animation = { from: [this.left, this.top], to, start: performance.now() };
    }
    this.redraw();
  }

  /** Where a row is, in CSS pixels of the map. */
  place(row: number): [number, number] {
    const [px, py] = this.at(row);
    return [px / this.ratio, py / this.ratio];
  }

  /** The rows in the picture that are shown. */
  inView(): number[] {
    const { width, height } = this.points.canvas;
    return this.index
      .range(-this.left / this.scale, -this.top / this.scale, (width - this.left) / this.scale, (height - this.top) / this.scale)
      .filter((row) => this.shown[row] === 1)
      .sort((a, b) => a - b);
  }

  private at(row: number): [number, number] {
    return [this.x[row]! * this.scale + this.left, this.y[row]! * this.scale + this.top];
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.host;
    this.ratio = Math.min(devicePixelRatio || 1, 2);
    const width = Math.max(1, Math.round(clientWidth * this.ratio)), height = Math.max(1, Math.round(clientHeight * this.ratio));
    if (this.points.canvas.width === width && this.points.canvas.height === height && this.frames > 0) {
      return;
    }
    for (const context of [this.points, this.above]) {
      context.canvas.width = width;
      context.canvas.height = height;
    }
    if (this.isFitted) {
      this.fit();
    }
    this.redraw();
  }

  private request(): void {
    if (this.requested === 0) {
      this.requested = requestAnimationFrame((now) => {
        this.requested = 0;
        this.render(now);
      });
    }
  }

  private render(now: number): void {
    if (this.animation) {
      const share = Math.min(1, Math.max(0, (now - this.animation.start) / 250)), eased = share * share * (3 - 2 * share);
      this.left = this.animation.from[0] + (this.animation.to[0] - this.animation.from[0]) * eased;
      this.top = this.animation.from[1] + (this.animation.to[1] - this.animation.from[1]) * eased;
      this.arePointsStale = true;
      if (share < 1) {
        this.request();
      } else {
        this.animation = null;
      }
    }
    if (this.arePointsStale) {
      this.arePointsStale = false;
      const { width, height } = this.points.canvas;
      this.raster.draw(
        this.points,
        { width, height, scale: this.scale, left: this.left, top: this.top },
        this.x,
        this.y,
        this.colours,
        this.isVoice,
        this.shown,
        this.radius(),
        pack(this.colour("--map")),
      );
    }
    this.renderAbove();
    this.frames++;
  }

  // Larger where there are few points or the view is near; in half pixels, so that few stamps are made.
  private radius(): number {
    const zoom = (this.scale * this.extent) / Math.min(this.points.canvas.width, this.points.canvas.height);
    const base = this.rows.count <= 2000 ? 4 : this.rows.count <= 20000 ? 2.5 : 1.5;
    return Math.round(Math.min(base * Math.pow(Math.max(zoom, 0.5), 0.35), 7) * this.ratio * 2) / 2;
  }

  private colour(name: string): string {
    return getComputedStyle(this.host).getPropertyValue(name).trim() || "#000000";
  }

  private renderAbove(): void {
    const context = this.above, { width, height } = context.canvas, over = this.overlay, ratio = this.ratio;
    context.clearRect(0, 0, width, height);
    const strong = this.colour("--text"), ground = this.colour("--map"), radius = this.radius();
    if (over.joined.length > 1) {
      this.renderPerson(over.joined, strong);
    }
    let rings = 0;
    for (const row of over.chosen) {
      if (++rings > MOST_RINGS) {
        break;
      }
      this.ring(row, radius + ratio, strong, ratio);
    }
    context.font = `600 ${12 * ratio}px system-ui, sans-serif`;
    context.textBaseline = "middle";
    over.ranked.forEach((row, i) => {
      if (row < 0) {
        return;
      }
      const [px, py] = this.at(row);
      this.ring(row, radius + 3 * ratio, strong, 1.5 * ratio);
      context.lineWidth = 3 * ratio;
      context.strokeStyle = ground;
      context.strokeText(String(i + 1), px + radius + 5 * ratio, py);
      context.fillStyle = strong;
      context.fillText(String(i + 1), px + radius + 5 * ratio, py);
    });
    if (over.hovered !== null) {
      this.ring(over.hovered, radius + 4 * ratio, strong, 2 * ratio);
    }
    if (over.selected !== null) {
      this.ring(over.selected, radius + 5 * ratio, ground, 5 * ratio);
      this.ring(over.selected, radius + 5 * ratio, strong, 2.5 * ratio);
    }
    if (over.dropped) {
      this.renderDropped(over.dropped, strong, ground);
    }
    if (this.drag?.path) {
      context.beginPath();
      this.drag.path.forEach(([px, py], i) => (i === 0 ? context.moveTo(px, py) : context.lineTo(px, py)));
      context.closePath();
      context.lineWidth = 1.5 * ratio;
      context.strokeStyle = strong;
      context.setLineDash([5 * ratio, 4 * ratio]);
      context.stroke();
      context.setLineDash([]);
    }
  }

  // The means of the voices and of the faces are joined, and each to its own.
  private renderPerson(rows: readonly number[], strong: string): void {
    const context = this.above, means: [number, number][] = [];
    for (const kind of [1, 0]) {
      const own = rows.filter((row) => this.isVoice[row] === kind);
      if (own.length === 0) {
        continue;
      }
      const places = own.map((row) => this.at(row));
      const mean: [number, number] = [
        places.reduce((sum, place) => sum + place[0], 0) / own.length,
        places.reduce((sum, place) => sum + place[1], 0) / own.length,
      ];
      means.push(mean);
      context.strokeStyle = strong;
      context.globalAlpha = 0.45;
      context.lineWidth = 1 * this.ratio;
      context.beginPath();
      for (const [px, py] of places) {
        context.moveTo(mean[0], mean[1]);
        context.lineTo(px, py);
      }
      context.stroke();
      context.globalAlpha = 1;
    }
    if (means.length === 2) {
      context.strokeStyle = strong;
      context.lineWidth = 2.5 * this.ratio;
      context.beginPath();
      context.moveTo(means[0]![0], means[0]![1]);
      context.lineTo(means[1]![0], means[1]![1]);
      context.stroke();
    }
    for (const row of rows.slice(0, MOST_RINGS)) {
      this.ring(row, this.radius() + 1.5 * this.ratio, strong, 1.5 * this.ratio);
    }
  }

  private renderDropped(place: { x: number; y: number }, strong: string, ground: string): void {
    const context = this.above, px = place.x * this.scale + this.left, py = -place.y * this.scale + this.top, size = 9 * this.ratio;
    context.beginPath();
    for (let i = 0; i < 10; i++) {
      const angle = -Math.PI / 2 + (i * Math.PI) / 5, reach = i % 2 === 0 ? size : size * 0.45;
      context.lineTo(px + reach * Math.cos(angle), py + reach * Math.sin(angle));
    }
    context.closePath();
    context.lineWidth = 4 * this.ratio;
    context.strokeStyle = ground;
    context.stroke();
    context.fillStyle = strong;
    context.fill();
  }

  private ring(row: number, radius: number, colour: string, width: number): void {
    const [px, py] = this.at(row), context = this.above;
    context.beginPath();
    if (this.isVoice[row] === 1) {
      context.arc(px, py, radius, 0, 2 * Math.PI);
    } else {
      context.rect(px - radius, py - radius, 2 * radius, 2 * radius);
    }
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }

  private nearest(px: number, py: number): number | null {
    const x = (px - this.left) / this.scale, y = (py - this.top) / this.scale;
    let best: number | null = null, least = Infinity;
    for (const row of this.index.within(x, y, (NEAR * this.ratio) / this.scale)) {
      const distance = (this.x[row]! - x) ** 2 + (this.y[row]! - y) ** 2;
      if (this.shown[row] === 1 && distance < least) {
        [best, least] = [row, distance];
      }
    }
    return best;
  }

  // The nearest shown row in a direction: distance, and the more aside the farther.
  private toward(from: number, dx: number, dy: number): number | null {
    const x = this.x[from]!, y = this.y[from]!;
    let best: number | null = null, least = Infinity;
    for (let reach = this.extent / 64; best === null && reach <= 2 * this.extent; reach *= 2) {
      for (const row of this.index.within(x, y, reach)) {
        const u = this.x[row]! - x, v = this.y[row]! - y, along = u * dx + v * dy, aside = Math.abs(u * dy - v * dx);
        if (row !== from && this.shown[row] === 1 && along > 0 && aside <= along && along + 2 * aside < least) {
          [best, least] = [row, along + 2 * aside];
        }
      }
    }
    return best;
  }

  private listen(): void {
    const host = this.host, signal = this.stop.signal;
    const place = (event: MouseEvent): [number, number] => {
      const box = host.getBoundingClientRect();
      return [(event.clientX - box.left) * this.ratio, (event.clientY - box.top) * this.ratio];
    };
    host.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015)), ...place(event));
      },
      { passive: false, signal },
    );
    host.addEventListener(
      "pointerdown",
      (event) => {
        if (event.button === 0) {
          const [px, py] = place(event);
          host.setPointerCapture(event.pointerId);
          this.drag = { x: px, y: py, moved: false, path: this.isLasso !== event.shiftKey ? [[px, py]] : null };
        }
      },
      { signal },
    );
    host.addEventListener(
      "pointermove",
      (event) => {
        const [px, py] = place(event);
        if (!this.drag) {
          this.events.hover(this.nearest(px, py));
          return;
        }
        this.drag.moved ||= Math.hypot(px - this.drag.x, py - this.drag.y) > 4 * this.ratio;
        if (!this.drag.moved) {
          return;
        }
        if (this.drag.path) {
          this.drag.path.push([px, py]);
          this.request();
        } else {
          this.pan(px - this.drag.x, py - this.drag.y);
          [this.drag.x, this.drag.y] = [px, py];
        }
      },
      { signal },
    );
    host.addEventListener(
      "pointerup",
      (event) => {
        const drag = this.drag;
        this.drag = null;
        if (drag?.path && drag.moved) {
          this.events.lasso(this.inside(drag.path));
        } else if (drag && !drag.moved) {
          const row = this.nearest(...place(event));
          if (row !== null) {
            this.events.select(row);
          }
        }
        this.request();
      },
      { signal },
    );
    host.addEventListener("pointercancel", () => ((this.drag = null), this.request()), { signal });
    host.addEventListener("pointerleave", () => this.drag === null && this.events.hover(null), { signal });
    host.addEventListener("keydown", (event) => this.onKey(event), { signal });
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const arrows: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const arrow = arrows[event.key], current = this.overlay.hovered ?? this.overlay.selected;
    let taken = true;
    if (arrow && event.shiftKey) {
      this.pan(-arrow[0] * 60 * this.ratio, -arrow[1] * 60 * this.ratio);
    } else if (arrow) {
      const next = current === null ? this.first() : this.toward(current, ...arrow);
      if (next !== null) {
        this.events.hover(next);
        this.reveal(next);
      }
    } else if (event.key === "+" || event.key === "=") {
      this.zoom(1.4);
    } else if (event.key === "-") {
      this.zoom(1 / 1.4);
    } else if (event.key === "0") {
      this.fit();
    } else if (event.key === "Enter" && current !== null) {
      this.events.select(current);
    } else {
      taken = this.events.key(event.key, current);
    }
    if (taken) {
      event.preventDefault();
    }
  }

  private first(): number | null {
    const { width, height } = this.points.canvas, x = (width / 2 - this.left) / this.scale, y = (height / 2 - this.top) / this.scale;
    let best: number | null = null, least = Infinity;
    for (let row = 0; row < this.rows.count; row++) {
      const distance = (this.x[row]! - x) ** 2 + (this.y[row]! - y) ** 2;
      if (this.shown[row] === 1 && distance < least) {
        [best, least] = [row, distance];
      }
    }
    return best;
  }

  // Even-odd rule.
  private inside(path: [number, number][]): number[] {
    const polygon = path.map(([px, py]): [number, number] => [(px - this.left) / this.scale, (py - this.top) / this.scale]);
    const xs = polygon.map((point) => point[0]), ys = polygon.map((point) => point[1]);
    const low: [number, number] = [Math.min(...xs), Math.min(...ys)], high: [number, number] = [Math.max(...xs), Math.max(...ys)];
    return this.index
      .range(low[0], low[1], high[0], high[1])
      .filter((row) => {
        if (this.shown[row] !== 1) {
          return false;
        }
        const x = this.x[row]!, y = this.y[row]!;
        let odd = false;
        for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
          const [xi, yi] = polygon[i]!, [xj, yj] = polygon[j]!;
          if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) {
            odd = !odd;
          }
        }
        return odd;
      })
      .sort((a, b) => a - b);
  }
}
