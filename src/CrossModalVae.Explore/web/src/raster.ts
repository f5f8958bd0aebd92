// Points into pixels. Written here and not by WebGL: it needs no graphics processor, which remote desktops and headless browsers lack, and
// WebGL libraries that compile code at run time would need a weaker policy of the page.

export interface View {
  /** Pixels, of the device. */
  width: number;
  height: number;
  scale: number;
  left: number;
  top: number;
}

/** A shape as offsets from its middle: pixels that are covered whole, and edges with their share in 256ths. */
interface Stamp {
  radius: number;
  dx: Int16Array;
  dy: Int16Array;
  share: Uint16Array;
}

export class Raster {
  private pixels: Uint32Array = new Uint32Array(0);
  private image: ImageData | null = null;
  private readonly stamps = new Map<string, Stamp>();

  /** Draws rows in order; those of `above` once more, over all others. */
  draw(
    context: CanvasRenderingContext2D,
    view: View,
    x: Float32Array,
    y: Float32Array,
    colours: Uint32Array,
    isVoice: Uint8Array,
    shown: Uint8Array,
    radius: number,
    ground: number,
  ): void {
    const { width, height, scale, left, top } = view;
    if (!this.image || this.image.width !== width || this.image.height !== height) {
      this.image = new ImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    this.pixels.fill(ground);
    const circle = this.stamp("circle", radius, width), square = this.stamp("square", radius, width);
    const circleAt = this.offsets(circle, width), squareAt = this.offsets(square, width);
    const margin = Math.max(circle.radius, square.radius);
    const pixels = this.pixels;
    for (let row = 0; row < x.length; row++) {
      if (shown[row] === 0) {
        continue;
      }
      const px = Math.round(x[row]! * scale + left), py = Math.round(y[row]! * scale + top);
      if (px < margin || py < margin || px >= width - margin || py >= height - margin) {
        continue;
      }
      const voice = isVoice[row] === 1, stamp = voice ? circle : square, offsets = voice ? circleAt : squareAt;
      const at = py * width + px, colour = colours[row]!, share = stamp.share;
      for (let i = 0; i < offsets.length; i++) {
        const to = at + offsets[i]!;
        pixels[to] = share[i] === 256 ? colour : blend(pixels[to]!, colour, share[i]!);
      }
    }
    context.putImageData(this.image, 0, 0);
  }

  private offsets(stamp: Stamp, width: number): Int32Array {
    const offsets = new Int32Array(stamp.dx.length);
    for (let i = 0; i < offsets.length; i++) {
      offsets[i] = stamp.dy[i]! * width + stamp.dx[i]!;
    }
    return offsets;
  }

  // Coverage by 4 x 4 samples a pixel. A square of a circle's area.
  private stamp(shape: "circle" | "square", radius: number, width: number): Stamp {
    const key = `${shape} ${radius} ${width}`;
    let stamp = this.stamps.get(key);
    if (!stamp) {
      const reach = Math.ceil(radius) + 1, dx: number[] = [], dy: number[] = [], share: number[] = [];
      const half = (radius * Math.sqrt(Math.PI)) / 2;
      for (let j = -reach; j <= reach; j++) {
        for (let i = -reach; i <= reach; i++) {
          let inside = 0;
          for (let s = 0; s < 16; s++) {
            const u = i + ((s % 4) - 1.5) / 4, v = j + (Math.floor(s / 4) - 1.5) / 4;
            inside += (shape === "circle" ? u * u + v * v <= radius * radius : Math.max(Math.abs(u), Math.abs(v)) <= half) ? 1 : 0;
          }
          if (inside > 0) {
            dx.push(i);
            dy.push(j);
            share.push(inside * 16);
          }
        }
      }
      stamp = { radius: reach, dx: Int16Array.from(dx), dy: Int16Array.from(dy), share: Uint16Array.from(share) };
      this.stamps.set(key, stamp);
    }
    return stamp;
  }
}

function blend(under: number, over: number, share: number): number {
  const rest = 256 - share;
  const rb = (((under & 0xff00ff) * rest + (over & 0xff00ff) * share) >>> 8) & 0xff00ff;
  const g = (((under & 0xff00) * rest + (over & 0xff00) * share) >>> 8) & 0xff00;
  return (0xff000000 | rb | g) >>> 0;
}
